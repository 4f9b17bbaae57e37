/** Evaluation pairs as a model reads them. */
import type { EvaluationPairs } from '../data/evaluation-pairs.ts';
import type { TokenRow } from '../data/token-batch.ts';
import type { Encode } from '../data/token-cache.ts';
import type { EvaluationData } from '../evaluation/evaluate.ts';

/** @param classes the training data's labels, in the order of their numbers; null where rows are not labelled */
export function evaluationDataOf(
  pairs: EvaluationPairs,
  classes: readonly string[] | null,
  encode: Encode,
): EvaluationData {
  const idsOf = (texts: readonly string[]) => texts.map((text) => encode(text).ids);
  let packed: TokenRow[] | null = null;
  return {
    first: idsOf(pairs.sentence1),
    second: idsOf(pairs.sentence2),
    gold: pairs.gold,
    kind: pairs.kind,
    listed: pairs.listed,
    negatives: pairs.negatives.map(idsOf),
    labels: pairs.labels,
    classes,
    packed: () => {
      packed ??= pairs.sentence1.map((text, i) => encode(text, pairs.sentence2[i]!));
      return packed;
    },
  };
}
