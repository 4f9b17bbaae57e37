/** The sample data that the page serves: sentence pairs to train on, scored pairs to evaluate on. */
import { fail, type Text } from '../contract/problems.ts';

/** Both files in a language. Throws a ProblemError where the page cannot load them. */
export async function sampleFiles(language: keyof Text): Promise<{ train: File; evaluation: File }> {
  const [train, evaluation] = await Promise.all([load(`pairs-${language}.csv`), load(`scored-${language}.csv`)]);
  return { train, evaluation };
}

async function load(name: string): Promise<File> {
  const url = `samples/${name}`;
  const response = await fetch(url).catch((error: Error) => fail('download-failed', { url, reason: error.message }));
  // A development server answers a missing file with the page itself.
  const found = response.ok && !response.headers.get('content-type')?.startsWith('text/html');
  if (!found) return fail('download-failed', { url, reason: `HTTP ${response.ok ? 404 : response.status}` });
  return new File([await response.blob()], name);
}
