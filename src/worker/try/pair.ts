/** Two sentences, as the model was loaded and as it is now: their cosine, or what a cross-encoder says of them. */
import type { Trial } from '../../contract/calls.ts';
import { scorePairs } from './cross-scores.ts';
import { dot, type Embedder } from './embedder.ts';
import type { Job, Subject } from './subject.ts';

export async function tryPair(
  subject: Subject,
  embedder: Embedder,
  texts: readonly [string, string],
  job: Job,
): Promise<Trial> {
  const { head } = subject.target;
  if (!head) {
    const { before, now } = await embedder.embed(subject, texts, job);
    return { kind: 'cosine', before: dot(before[0]!, before[1]!), now: dot(now[0]!, now[1]!) };
  }
  const { before, now } = await scorePairs(subject, head, [texts], job);
  if (head.kind === 'score') return { kind: 'score', before: before?.[0] ?? null, now: now[0]! };
  return { kind: 'classes', labels: head.labels, before: before && [...before], now: [...now] };
}
