/**
 * The tokens of many texts, or of pairs packed into one row each, in a few large arrays: two million rows as objects of their
 * own take a gigabyte, as arrays four bytes a token.
 */
import { type TrainingExamples, textsOf } from './example-columns.ts';
import type { TokenRow } from './token-batch.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Rows of a chunk; only the last chunk has fewer. */
export const chunkRows = 8192;

/** Texts to be tokenised; with `second`, row i packs `first[i]` and `second[i]`. */
export type TextChunk = { first: readonly string[]; second: readonly string[] | null };

/** Token rows one after the other: row i is `ids[offsets[i]]` to `ids[offsets[i + 1] − 1]`. */
export type TokenChunk = {
  ids: Int32Array<ArrayBuffer>;
  offsets: Uint32Array<ArrayBuffer>;
  /** Token types; null where all are 0. */
  types: Uint8Array<ArrayBuffer> | null;
};

export type TokenStore = {
  /** The tokens of a row as a view that must not be written to. */
  row: (number: number) => TokenRow;
};

/** How many rows the examples make: one for each different text, or one for each example, packed. */
export const countRows = ({ texts, count }: TrainingExamples, packed: boolean): number =>
  packed ? count : texts.length;

/** The texts of the rows of chunk `index`. */
export function cutChunk(examples: TrainingExamples, packed: boolean, index: number): TextChunk {
  const from = index * chunkRows;
  const to = Math.min(countRows(examples, packed), from + chunkRows);
  if (!packed) return { first: examples.texts.slice(from, to), second: null };
  const pairs = Array.from({ length: to - from }, (_, i) => textsOf(examples, from + i));
  return { first: pairs.map(([first]) => first!), second: pairs.map(([, second]) => second!) };
}

/** @param maxLength in tokens, special ones included; longer rows are cut */
export function tokenizeChunk(tokenizer: Tokenizer, { first, second }: TextChunk, maxLength: number): TokenChunk {
  const rows = first.map((text, i) => tokenizer.encode(text, maxLength, second?.[i]));
  const offsets = new Uint32Array(rows.length + 1);
  for (const [i, { ids }] of rows.entries()) offsets[i + 1] = offsets[i]! + ids.length;
  const ids = new Int32Array(offsets[rows.length]!);
  const types = new Uint8Array(ids.length);
  for (const [i, row] of rows.entries()) {
    ids.set(row.ids, offsets[i]);
    types.set(row.types, offsets[i]);
  }
  return { ids, offsets, types: types.some((type) => type !== 0) ? types : null };
}

/** @param chunks in order, each but the last of {@link chunkRows} rows */
export function createTokenStore(chunks: readonly TokenChunk[]): TokenStore {
  let longest = 0;
  for (const { offsets } of chunks) {
    for (let i = 1; i < offsets.length; i++) longest = Math.max(longest, offsets[i]! - offsets[i - 1]!);
  }
  const zeros = new Int32Array(longest);
  return {
    row(number) {
      const { ids, offsets, types } = chunks[Math.floor(number / chunkRows)]!;
      const start = offsets[number % chunkRows]!;
      const end = offsets[(number % chunkRows) + 1]!;
      return {
        ids: ids.subarray(start, end),
        types: types ? Int32Array.from(types.subarray(start, end)) : zeros.subarray(0, end - start),
      };
    },
  };
}
