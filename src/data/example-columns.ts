/**
 * Training examples as columns: every different text once, with a number, and the numbers of each example's texts. A million
 * rows are a few arrays that way, and what is made of a text (its tokens) has its place by its number.
 */

import { createTextNumbers } from './text-numbers.ts';

export type TrainingExamples = {
  count: number;
  /** Texts of each example. */
  width: number;
  /** Every different text. */
  texts: readonly string[];
  /** `[count · width]` numbers of texts: example after example. */
  numbers: Int32Array;
  /** `[count]` similarity 0…1, 0 or 1, or the number of a class, by the material; 0 where the texts say all. */
  targets: Float64Array;
};

/** Collects examples of `width` texts each. */
export function createExampleColumns(width: number) {
  const known = createTextNumbers();
  const numbers: number[] = [];
  const targets: number[] = [];
  return {
    /** @param texts `width` of them */
    add(texts: readonly string[], target: number): void {
      for (const text of texts) numbers.push(known.number(text));
      targets.push(target);
    },

    finish: (): TrainingExamples => ({
      count: targets.length,
      width,
      texts: known.texts,
      numbers: Int32Array.from(numbers),
      targets: Float64Array.from(targets),
    }),
  };
}

/** The texts of one example. */
export function textsOf({ width, texts, numbers }: TrainingExamples, example: number): string[] {
  return Array.from(numbers.subarray(example * width, (example + 1) * width), (number) => texts[number] as string);
}
