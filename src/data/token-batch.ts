/** Sentences to padded token batches; every distinct sentence is tokenised once. */
import type { TokenBatch } from '../contract/tokens.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Pads rows of ids to the longest of them. A row must have at least one id. */
export function padBatch(rows: readonly Int32Array[]): TokenBatch {
  const tokens = rows.reduce((longest, ids) => Math.max(longest, ids.length), 1);
  const padded = new Int32Array(rows.length * tokens);
  for (const [row, ids] of rows.entries()) padded.set(ids, row * tokens);
  return {
    rows: rows.length,
    tokens,
    ids: padded,
    types: new Int32Array(rows.length * tokens),
    lengths: Int32Array.from(rows, (ids) => ids.length),
  };
}

/** Gives each sentence's token ids, from memory the second time. */
export function createTokenCache(tokenizer: Tokenizer, maxLength: number): (text: string) => Int32Array {
  const known = new Map<string, Int32Array>();
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    const { ids } = tokenizer.encode(text, maxLength);
    known.set(text, ids);
    return ids;
  };
}
