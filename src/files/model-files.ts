/** A model as files by name, from wherever it comes: a folder on a server, a zip, a folder on disk. */
import { unzipSync } from 'fflate';
import { fail } from '../contract/problems.ts';

/** Bytes by path relative to the model's folder, e.g. `1_Pooling/config.json`. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Loads a preset's folder.
 * @param baseUrl address of the folder, without a slash at the end
 * @throws ProblemError with the address that could not be loaded
 */
export async function fetchModelFiles(baseUrl: string, names: readonly string[]): Promise<ModelFiles> {
  const load = async (name: string): Promise<[string, Uint8Array]> => {
    const url = `${baseUrl}/${name}`;
    const response = await fetch(url).catch((error: Error) => fail('download-failed', { url, reason: error.message }));
    if (!response.ok) fail('download-failed', { url, reason: `${response.status} ${response.statusText}`.trim() });
    return [name, new Uint8Array(await response.arrayBuffer())];
  };
  return new Map(await Promise.all(names.map(load)));
}

/**
 * Unpacks a zip; a folder around the model's files is taken off.
 * @param name what the user calls the file
 * @throws ProblemError where it is not a whole zip, or holds no config.json
 */
export function unzipModelFiles(bytes: Uint8Array, name: string): ModelFiles {
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes);
  } catch {
    return fail('model-not-a-zip', { file: name });
  }
  const roots = Object.keys(entries)
    .filter((path) => path.split('/').at(-1) === 'config.json')
    .map((path) => path.slice(0, -'config.json'.length))
    .sort((a, b) => a.length - b.length);
  const root = roots[0] ?? fail('model-missing-file', { source: name, file: 'config.json' });
  return new Map(
    Object.entries(entries)
      .filter(([path]) => path.startsWith(root) && !path.endsWith('/'))
      .map(([path, content]) => [path.slice(root.length), content]),
  );
}
