/** Correlation of two lists, as scipy.stats computes it. */

/** Ranks from 1; equal values share the mean of their ranks. */
function rank(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    const shared = (start + 1 + end) / 2;
    for (let k = start; k < end; k++) ranks[order[k]!] = shared;
    start = end;
  }
  return ranks;
}

/**
 * Pearson's r.
 * @returns −1 … 1, or null where it is not defined: fewer than two values, one that is no number, or all equal in a list
 */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const n = a.length;
  let meanA = 0;
  let meanB = 0;
  for (let i = 0; i < n; i++) {
    meanA += a[i]! / n;
    meanB += b[i]! / n;
  }
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < n; i++) {
    const da = a[i]! - meanA;
    const db = b[i]! - meanB;
    covariance += da * db;
    varianceA += da * da;
    varianceB += db * db;
  }
  const scale = Math.sqrt(varianceA) * Math.sqrt(varianceB);
  return n < 2 || !(scale > 0) ? null : Math.max(-1, Math.min(1, covariance / scale));
}

/** Spearman's ρ: Pearson's r of the ranks, ties averaged. The same result as {@link pearson}. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const hasNoNumber = (values: ArrayLike<number>) => Array.from(values).some(Number.isNaN);
  return hasNoNumber(a) || hasNoNumber(b) ? null : pearson(rank(a), rank(b));
}
