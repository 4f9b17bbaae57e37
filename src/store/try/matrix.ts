/** A similarity matrix in three figures: how alike pairs are, how alike all others, and how often a pair finds itself. */

export type MatrixSummary = {
  /** Mean of the diagonal. */
  own: number;
  /** Mean of all that is beside it; NaN of a single pair. */
  others: number;
  /** Rows whose largest value stands on the diagonal. */
  found: number;
};

/** @param values `[n · n]`, row after row */
export function describeMatrix(values: Float32Array): MatrixSummary {
  const n = Math.round(Math.sqrt(values.length));
  let [own, all, found] = [0, 0, 0];
  for (let row = 0; row < n; row++) {
    const cells = values.subarray(row * n, (row + 1) * n);
    const mine = cells[row]!;
    own += mine;
    all += cells.reduce((sum, value) => sum + value, 0);
    if (cells.every((value) => value <= mine)) found++;
  }
  return { own: own / n, others: (all - own) / (n * (n - 1)), found };
}

/** Now less before, cell by cell. */
export function differenceOf(before: Float32Array, now: Float32Array): Float32Array {
  return now.map((value, i) => value - before[i]!);
}
