/** Every first text of some pairs against every second one: the batch as an objective with in-batch negatives sees it. */
import { fail } from '../../contract/problems.ts';
import type { SamplePair, SimilarityMatrix } from '../../contract/trials.ts';
import { isPositive } from '../../evaluation/distributions.ts';
import { dot, type Embedder } from './embedder.ts';
import type { Job, Subject } from './subject.ts';

/**
 * A batch as training likes it: pairs that mean the same as far as the data says, no text in it twice.
 * @param pairs of the data, in their order
 * @returns `count` of them, or as many as there are
 */
export function chooseBatch(pairs: readonly SamplePair[], count: number): SamplePair[] {
  const used = new Set<string>();
  const chosen: SamplePair[] = [];
  for (const pair of pairs) {
    if (chosen.length === count) break;
    const { first, second, gold } = pair;
    if (second === '' || (typeof gold === 'number' && !isPositive(gold))) continue;
    if (used.has(first) || used.has(second)) continue;
    used.add(first).add(second);
    chosen.push(pair);
  }
  return chosen;
}

/** @throws ProblemError of a cross-encoder, which has no embeddings, and where there is no pair */
export async function similarityMatrix(
  subject: Subject,
  embedder: Embedder,
  pairs: SamplePair[],
  job: Job,
): Promise<SimilarityMatrix> {
  if (subject.target.head) fail('no-embeddings', {});
  if (pairs.length === 0) fail('no-batch', {});
  const texts = [...pairs.map(({ first }) => first), ...pairs.map(({ second }) => second)];
  const { before, now } = await embedder.embed(subject, texts, job);
  const cosines = (rows: Float32Array[]) => {
    const n = pairs.length;
    return Float32Array.from({ length: n * n }, (_, i) => dot(rows[Math.floor(i / n)]!, rows[n + (i % n)]!));
  };
  return { pairs, before: cosines(before), now: cosines(now) };
}
