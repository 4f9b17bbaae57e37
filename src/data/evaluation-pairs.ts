/** Examples -> pairs with a gold similarity, which an evaluation compares with the cosines of the model. */
import type { Example } from './examples.ts';
import { drawIndex, seedRandom } from './shuffle.ts';

export type EvaluationPairs = {
  sentence1: string[];
  sentence2: string[];
  /** Similarity 0…1 of each pair. */
  gold: Float64Array;
  /** Whether `gold` comes from scores or labels; otherwise 1 for pairs as listed and 0 for negatives drawn here. */
  scored: boolean;
};

/** How many rows are tried for a negative before one is done without. */
const longestSearch = 1000;

/**
 * Makes the pairs of all examples with a sentence2. Where not all have a score, each is a positive, and for each a seeded
 * negative is drawn: its sentence1 with another row's sentence2, never equal texts and never a pair listed in either order.
 * Where no such row exists there is no negative. Without any pair the arrays are empty.
 */
export function makeEvaluationPairs(examples: readonly Example[], seed: number): EvaluationPairs {
  const pairs = examples.flatMap(({ sentence1, sentence2, score }) =>
    sentence2 === null ? [] : [{ sentence1, sentence2, score }],
  );
  const sentence1 = pairs.map((pair) => pair.sentence1);
  const sentence2 = pairs.map((pair) => pair.sentence2);
  if (pairs.length && pairs.every(({ score }) => score !== null)) {
    return { sentence1, sentence2, gold: Float64Array.from(pairs, ({ score }) => score as number), scored: true };
  }

  const listed = new Set<string>();
  const key = (a: string, b: string) => `${a}\n\0${b}`;
  for (const pair of pairs) listed.add(key(pair.sentence1, pair.sentence2)).add(key(pair.sentence2, pair.sentence1));
  const random = seedRandom(seed);
  for (const { sentence1: anchor } of pairs) {
    const start = drawIndex(random, pairs.length);
    for (let step = 0; step < Math.min(pairs.length, longestSearch); step++) {
      const other = (pairs[(start + step) % pairs.length] as (typeof pairs)[number]).sentence2;
      if (other === anchor || listed.has(key(anchor, other))) continue;
      sentence1.push(anchor);
      sentence2.push(other);
      break;
    }
  }
  const gold = new Float64Array(sentence1.length).fill(1, 0, pairs.length);
  return { sentence1, sentence2, gold, scored: false };
}
