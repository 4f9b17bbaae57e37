/**
 * Which row of each embedding table a token reads, and the order in which the tables' gradients are summed: tokens
 * sorted by that row, so that a sum costs the tokens' count, not the vocabulary's.
 */

/** Writes the numbers of the tokens, sorted by their row, those of one row in order, to `order`; O(tokens + largest row). */
function sortTokens(rows: Int32Array, order: Int32Array): void {
  let largest = 0;
  for (const row of rows) largest = Math.max(largest, row);
  const next = new Int32Array(largest + 2); // where the next token of each row goes
  for (const row of rows) next[row + 1]!++;
  for (let row = 0; row <= largest; row++) next[row + 1]! += next[row]!;
  for (let token = 0; token < rows.length; token++) order[next[rows[token]!]!++] = token;
}

/**
 * @param rows for each table the row of each token, 0 … the table's rows − 1; equally long
 * @returns `[2 · tables, tokens]`: the rows given, then for each table the tokens' numbers sorted by its row
 */
export function indexTokens(rows: readonly Int32Array[]): Int32Array {
  const tokens = rows[0]!.length;
  const index = new Int32Array(2 * rows.length * tokens);
  for (const [table, own] of rows.entries()) {
    index.set(own, table * tokens);
    sortTokens(own, index.subarray((rows.length + table) * tokens, (rows.length + table + 1) * tokens));
  }
  return index;
}
