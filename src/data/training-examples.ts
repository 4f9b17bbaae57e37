/** Examples -> what an objective trains on: the texts of each training example, and the target it is to reach. */
import type { Material } from '../contract/objectives.ts';
import { createExampleColumns, type TrainingExamples } from './example-columns.ts';
import type { Example } from './examples.ts';
import { numberLabels } from './labels.ts';
import { groupByPremise, makeTriplets } from './triplets.ts';

type Options = {
  /** The labels in the order of their numbers; null without labels. */
  classes: readonly string[] | null;
  /** Similarity 0…1 from which a pair counts as one that means the same. */
  positiveScore: number;
};

/** A training example's texts, and the pair it comes from if that has two sentences. */
type Pair = Example & { sentence2: string };

const isPair = (example: Example): example is Pair => example.sentence2 !== null;

/** [sentence1, sentence2] with the target of each pair; pairs without a target are left out. */
function aimPairs(pairs: readonly Pair[], aim: (pair: Pair) => number | null | undefined): TrainingExamples {
  const columns = createExampleColumns(2);
  for (const pair of pairs) {
    const target = aim(pair) ?? null;
    if (target !== null) columns.add([pair.sentence1, pair.sentence2], target);
  }
  return columns.finish();
}

/** Examples whose texts say all. */
function collectTexts(width: number, all: Iterable<readonly string[]>): TrainingExamples {
  const columns = createExampleColumns(width);
  for (const texts of all) columns.add(texts, 0);
  return columns.finish();
}

/** Each different sentence. */
function* listSentences(examples: readonly Example[]): Generator<[string]> {
  const listed = new Set<string>();
  for (const { sentence1, sentence2 } of examples) {
    for (const sentence of sentence2 === null ? [sentence1] : [sentence1, sentence2]) {
      if (listed.has(sentence)) continue;
      listed.add(sentence);
      yield [sentence];
    }
  }
}

function* listPositives(positives: readonly Pair[]): Generator<string[]> {
  for (const { sentence1, sentence2, negatives } of positives) yield [sentence1, sentence2, ...negatives];
}

function* listTriplets(positives: readonly Pair[]): Generator<string[]> {
  for (const { sentence1, sentence2, negatives } of positives) {
    for (const negative of negatives) yield [sentence1, sentence2, negative];
  }
}

/**
 * Makes the training examples of a material:
 * - `sentences`: each different sentence once
 * - `pairs`: [sentence1, sentence2, …negatives] of pairs that mean the same, or have no score
 * - `scored-pairs`, `binary-pairs`: [sentence1, sentence2] with the similarity, or whether it reaches `positiveScore`
 * - `triplets`: [sentence1, sentence2, negative] for each negative of such pairs; without negatives, see `triplets.ts`
 * - `classified-pairs`: [sentence1, sentence2] with the number of its label; `judged-pairs`: the same, or the score without labels
 * @returns the examples, and the rows that the material makes nothing of
 */
export function buildTrainingExamples(
  material: Material,
  examples: readonly Example[],
  { classes, positiveScore }: Options,
): { examples: TrainingExamples; passedOver: number } {
  if (material === 'sentences') {
    return { examples: collectTexts(1, listSentences(examples)), passedOver: 0 };
  }

  const pairs = examples.filter(isPair);
  /** Where each row gives one example or none. */
  const count = (made: TrainingExamples) => ({ examples: made, passedOver: examples.length - made.count });
  const numberOf = numberLabels(classes ?? []);
  const byClass = ({ label }: Pair) => (label === null ? null : numberOf(label));
  const positives = pairs.filter(({ score }) => score === null || score >= positiveScore);

  switch (material) {
    case 'pairs':
      return count(collectTexts(2 + (positives[0]?.negatives.length ?? 0), listPositives(positives)));
    case 'scored-pairs':
      return count(aimPairs(pairs, ({ score }) => score));
    case 'binary-pairs':
      return count(aimPairs(pairs, ({ score }) => (score === null ? null : Number(score >= positiveScore))));
    case 'classified-pairs':
      return count(aimPairs(pairs, byClass));
    case 'judged-pairs':
      return count(aimPairs(pairs, classes ? byClass : ({ score }) => score));
    case 'triplets': {
      if (pairs.some(({ negatives }) => negatives.length)) {
        const triplets = collectTexts(3, listTriplets(positives));
        return { examples: triplets, passedOver: examples.length - positives.length };
      }
      const premises = groupByPremise(pairs);
      const used = [...premises.values()].reduce((sum, { entailed, contradicting }) => {
        return sum + entailed.length + contradicting.length;
      }, 0);
      return { examples: collectTexts(3, makeTriplets(premises)), passedOver: examples.length - used };
    }
  }
}
