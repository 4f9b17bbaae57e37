/**
 * A curve in few points: neighbouring steps of the visible range share a bucket that keeps their lowest, highest and
 * mean value. Buckets start at multiples of their width, a power of two, so that they hold still while the curve grows
 * or is moved. One pass over what is visible, whatever the length of the run.
 */
import { type CurveName, type Curves, indexFrom } from './curves.ts';
import type { Range } from './range.ts';
import { lookBack, smoother } from './smoothing.ts';

/** `step` is the last step of the bucket, `smooth` the smoothed curve there. */
export type Bucket = { step: number; low: number; high: number; mean: number; smooth: number };

/** No line is drawn with more points. */
export const mostPoints = 400;

/**
 * The curve over a range in at most `most` buckets (4 or more), with one neighbour on each side, so that lines reach
 * the edges. A bucket without any finite value is left out. `weight` is that of the smoothing, 0 to below 1.
 */
export function bucketsOf(
  curves: Curves,
  name: CurveName,
  [from, to]: Range,
  weight: number,
  most = mostPoints,
): Bucket[] {
  const first = Math.max(0, indexFrom(curves, from) - 1);
  const end = Math.min(curves.length, indexFrom(curves, to) + 2);
  const width = widthFor(end - first, most);
  const start = first - (first % width);
  const stop = Math.min(curves.length, Math.ceil(end / width) * width);
  const values = curves.record.values[name];
  const next = smoother(weight);
  for (let i = Math.max(0, start - lookBack(weight)); i < start; i++) next(values[i]!);
  const buckets: Bucket[] = [];
  for (let left = start; left < stop; left += width) {
    const right = Math.min(left + width, stop);
    let [low, high, sum, count, smooth] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, Number.NaN];
    for (let i = left; i < right; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
      sum += value;
      count++;
      smooth = next(value);
    }
    if (count > 0) buckets.push({ step: curves.record.steps[right - 1]!, low, high, mean: sum / count, smooth });
  }
  return buckets;
}

/** The least power of two at which `count` values need no more than `most` buckets; two more may be cut at the ends. */
function widthFor(count: number, most: number): number {
  let width = 1;
  while (count > most && count / width + 2 > most) width *= 2;
  return width;
}
