/** Pairs of the user's data to try a model on: those of the evaluation, or, where there is none, of the training. */
import type { SamplePair } from '../../contract/trials.ts';
import { textsOf } from '../../data/example-columns.ts';
import type { PreparedData } from '../datasets.ts';

/** The first `limit` listed pairs. Where only sentences are known, `second` is empty. */
export function samplePairs({ evaluation, examples, classes }: PreparedData, limit: number): SamplePair[] {
  const { sentence1, sentence2, gold, kind, listed, labels } = evaluation;
  if (listed === 0) {
    return Array.from({ length: Math.min(limit, examples.count) }, (_, i) => {
      const [first, second] = textsOf(examples, i);
      return { first: first!, second: second ?? '', gold: null };
    });
  }
  return Array.from({ length: Math.min(limit, listed) }, (_, i) => {
    const score = kind === 'positives' || Number.isNaN(gold[i]!) ? null : gold[i]!;
    const label = labels && classes ? (classes[labels[i]!] ?? null) : null;
    return { first: sentence1[i]!, second: sentence2[i]!, gold: score ?? label };
  });
}
