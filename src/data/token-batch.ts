/** Token rows to packed batches. */
import type { TokenBatch } from '../contract/tokens.ts';

/** The tokens of a text, or of two texts packed into one row: vocabulary indices and token types. */
export type TokenRow = { ids: Int32Array; types: Int32Array };

/** Puts rows one after the other. A row must have at least one token. */
export function packBatch(rows: readonly TokenRow[]): TokenBatch {
  const starts = new Int32Array(rows.length + 1);
  for (const [row, { ids }] of rows.entries()) starts[row + 1] = starts[row]! + ids.length;
  const tokens = starts[rows.length]!;
  const ids = new Int32Array(tokens);
  const types = new Int32Array(tokens);
  for (const [row, own] of rows.entries()) {
    ids.set(own.ids, starts[row]!);
    types.set(own.types, starts[row]!);
  }
  return { rows: rows.length, tokens, ids, types, starts };
}

/** Rows `from` (included) to `to` (excluded) of a batch. */
export function sliceBatch({ ids, types, starts }: TokenBatch, from: number, to: number): TokenBatch {
  const [start, end] = [starts[from]!, starts[to]!];
  return {
    rows: to - from,
    tokens: end - start,
    ids: ids.slice(start, end),
    types: types.slice(start, end),
    starts: starts.slice(from, to + 1).map((each) => each - start),
  };
}
