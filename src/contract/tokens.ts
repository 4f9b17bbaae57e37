/** Token ids of many sentences one after the other, without padding, as the data folder makes them and the model reads them. */
export type TokenBatch = {
  /** Sentences (or packed pairs of them). */
  rows: number;
  /** Tokens of all rows together. */
  tokens: number;
  /** `[tokens]` vocabulary indices. */
  ids: Int32Array;
  /** `[tokens]` token types: 0 for the first text, 1 for the second of a packed pair. */
  types: Int32Array;
  /** `[rows + 1]` where each row's tokens start; the last is where the last row's end. Each row has at least one. */
  starts: Int32Array;
};
