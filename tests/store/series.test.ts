/** Curves of any length in few points, and their smoothing. */
import { describe, expect, it } from 'vitest';
import { addPoint, capacity, emptySeries, type Series, smoothingWindow } from '../../src/store/series.ts';

function fill(count: number, value: (i: number) => number, window = 10): Series {
  let series = emptySeries;
  for (let i = 0; i < count; i++) series = addPoint(series, i + 1, value(i), window);
  return series;
}

describe('addPoint', () => {
  it('keeps every value of a short curve', () => {
    const { buckets, width } = fill(capacity, (i) => i);
    expect(width).toBe(1);
    expect(buckets).toHaveLength(capacity);
    expect(buckets.every(({ low, high, mean, step }) => low === high && mean === step - 1)).toBe(true);
  });

  it('merges pairs when it is full, and loses no extreme', () => {
    const { buckets, width } = fill(20_000, (i) => (i === 7777 ? 99 : i === 12_345 ? -99 : 1));
    expect(buckets.length).toBeLessThanOrEqual(capacity);
    expect(buckets.length).toBeGreaterThan(capacity / 2 - 1);
    expect(width).toBe(2 ** Math.ceil(Math.log2(20_000 / capacity)));
    expect(Math.max(...buckets.map(({ high }) => high))).toBe(99);
    expect(Math.min(...buckets.map(({ low }) => low))).toBe(-99);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
    expect(buckets.at(-1)?.step).toBe(20_000);
  });

  it('keeps the mean of all values', () => {
    const { buckets } = fill(1001, (i) => i);
    const sum = buckets.reduce((total, { mean, count }) => total + mean * count, 0);
    expect(sum / 1001).toBeCloseTo(500, 9);
  });

  it('smooths without a start at zero', () => {
    const { buckets } = fill(50, () => 3);
    expect(buckets.every(({ smooth }) => Math.abs(smooth - 3) < 1e-12)).toBe(true);
  });

  it('smooths by the exponential moving average', () => {
    const decay = 2 / 11;
    let average = 0;
    let weight = 0;
    const values = [4, 2, 5, 1, 3];
    for (const value of values) {
      average = average * (1 - decay) + value * decay;
      weight = weight * (1 - decay) + decay;
    }
    expect(fill(5, (i) => values[i]!).buckets.at(-1)?.smooth).toBeCloseTo(average / weight, 12);
  });

  it('passes over values that are no number', () => {
    expect(addPoint(emptySeries, 1, Number.NaN, 5)).toBe(emptySeries);
  });
});

it('looks back over a twentieth of the run, within bounds', () => {
  expect([10, 400, 100_000].map(smoothingWindow)).toEqual([5, 20, 100]);
});
