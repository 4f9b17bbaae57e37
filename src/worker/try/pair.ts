/** Two sentences, as the model was loaded and as it is now: their cosine, or what a classifier says of them. */
import type { Trial } from '../../contract/calls.ts';
import { embedSentences } from '../../evaluation/embed.ts';
import { classifyRows } from '../../evaluation/evaluate.ts';
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
    const classes = await classifyTexts(subject, texts);
    return { kind: 'cosine', before: dot(before[0]!, before[1]!), now: dot(now[0]!, now[1]!), classes };
  }
  const { before, now } = await scorePairs(subject, head, [texts], job);
  if (head.kind === 'score') return { kind: 'score', before: before?.[0] ?? null, now: now[0]! };
  return { kind: 'classes', labels: head.labels, before: before && [...before], now: [...now] };
}

/** Label probabilities by the softmax objective's classifier, from embeddings as that was trained on; null without one. */
async function classifyTexts({ target, pooling, maxLength }: Subject, texts: readonly string[]) {
  const { model, pairLabels, loaded, normalize } = target;
  if (!pairLabels) return null;
  const rows = texts.map((text) => loaded.tokenizer.encode(text, maxLength).ids);
  const embedded = await embedSentences(model, rows, pooling, normalize === 'yes');
  const hidden = model.config.hidden_size;
  const now = await classifyRows(model, embedded.subarray(0, hidden), embedded.subarray(hidden));
  return { labels: pairLabels, now: [...now] };
}
