/**
 * A curve of any length in at most {@link capacity} points: neighbouring steps share a bucket that keeps their
 * lowest, highest and mean value. When the buckets run out, pairs are merged and each covers twice as many steps.
 */

type Bucket = {
  /** The last step in the bucket. */
  step: number;
  low: number;
  high: number;
  mean: number;
  /** The smoothed curve at `step`. */
  smooth: number;
  count: number;
};

export type Series = {
  /** Values per full bucket. */
  width: number;
  buckets: readonly Bucket[];
  /** Exponential moving average, still without bias correction, and the weight it has gathered. */
  average: number;
  weight: number;
};

export const capacity = 300;

export const emptySeries: Series = { width: 1, buckets: [], average: 0, weight: 0 };

/**
 * Adds one value. `window` is how many values the smoothed curve looks back over, as in an N-step exponential moving
 * average (decay 2 / (N + 1)); the start is bias-corrected as in Adam, so the curve begins at the first value.
 */
export function addPoint(series: Series, step: number, value: number, window: number): Series {
  if (!Number.isFinite(value)) return series;
  const decay = 2 / (Math.max(1, window) + 1);
  const average = series.average * (1 - decay) + value * decay;
  const weight = series.weight * (1 - decay) + decay;
  const smooth = average / weight;
  const last = series.buckets.at(-1);
  if (last && last.count < series.width) {
    const grown = merge(last, { step, low: value, high: value, mean: value, smooth, count: 1 });
    return { ...series, average, weight, buckets: [...series.buckets.slice(0, -1), grown] };
  }
  const buckets = [...series.buckets, { step, low: value, high: value, mean: value, smooth, count: 1 }];
  if (buckets.length <= capacity) return { ...series, average, weight, buckets };
  return { width: series.width * 2, buckets: mergePairs(buckets), average, weight };
}

function merge(left: Bucket, right: Bucket): Bucket {
  const count = left.count + right.count;
  return {
    step: right.step,
    low: Math.min(left.low, right.low),
    high: Math.max(left.high, right.high),
    mean: (left.mean * left.count + right.mean * right.count) / count,
    smooth: right.smooth,
    count,
  };
}

function mergePairs(buckets: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (let i = 0; i < buckets.length; i += 2) {
    const left = buckets[i]!;
    const right = buckets[i + 1];
    merged.push(right ? merge(left, right) : left);
  }
  return merged;
}

/** How far the smoothed loss looks back: a twentieth of the run, at least 5 and at most 100 steps. */
export function smoothingWindow(totalSteps: number): number {
  return Math.min(100, Math.max(5, Math.round(totalSteps / 20)));
}
