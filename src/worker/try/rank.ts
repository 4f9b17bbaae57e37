/** One query against many texts: cosines of embeddings, or a cross-encoder's word on each pair. */
import type { Ranking } from '../../contract/trials.ts';
import { scorePairs } from './cross-scores.ts';
import { dot, type Embedder } from './embedder.ts';
import type { Job, Subject } from './subject.ts';

export async function rankTexts(
  subject: Subject,
  embedder: Embedder,
  { query, texts }: { query: string; texts: readonly string[] },
  job: Job,
): Promise<Ranking> {
  const { head } = subject.target;
  if (!head) {
    const { before, now } = await embedder.embed(subject, [query, ...texts], job);
    const cosines = ([first, ...rest]: Float32Array[]) => Float32Array.from(rest, (row) => dot(first!, row));
    return { kind: 'cosine', labels: null, before: cosines(before), now: cosines(now) };
  }
  const pairs = texts.map((text) => [query, text] as const);
  const { before, now } = await scorePairs(subject, head, pairs, job);
  return { kind: head.kind, labels: head.kind === 'classes' ? head.labels : null, before, now };
}
