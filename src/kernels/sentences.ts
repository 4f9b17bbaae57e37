/** Packed sentences: the tokens of all rows one after the other, and where each row starts. */
import type * as tf from '@tensorflow/tfjs';

export type Sentences = {
  rows: number;
  /** Rows of the packed matrices; at least `starts[rows]`. Tokens beyond belong to no sentence. */
  tokens: number;
  /** `[rows + 1]` int32: the first token of each sentence, and the end of the last. */
  starts: tf.Tensor1D;
  /** The same on the CPU. */
  host: { starts: Int32Array };
};

/** Tokens of the longest sentence. */
export function longestOf({ rows, host: { starts } }: Sentences): number {
  let longest = 1;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, starts[row + 1]! - starts[row]!);
  return longest;
}
