/** A padded batch of token ids, as the data folder makes it and the model reads it. */
export type TokenBatch = {
  rows: number;
  /** Tokens of the longest row; shorter rows are padded at the end. */
  tokens: number;
  /** `[rows × tokens]` vocabulary indices. */
  ids: Int32Array;
  /** `[rows × tokens]` token types: 0 for the first text, 1 for the second of a packed pair. */
  types: Int32Array;
  /** `[rows]` real tokens of each row, at least 1. */
  lengths: Int32Array;
};
