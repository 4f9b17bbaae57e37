/** Long curves in few points, beside a plain computation over all values. */
import { describe, expect, it } from 'vitest';
import { bucketsOf, mostPoints } from '../../src/store/buckets.ts';
import { appendStep, type Curves, noCurves } from '../../src/store/curves.ts';
import { smoother } from '../../src/store/smoothing.ts';

function record(values: readonly number[], stride = 1): Curves {
  return values.reduce(
    (curves, value, i) =>
      appendStep(curves, (i + 1) * stride, {
        'train/loss': value,
        'train/learning_rate': 0,
        'train/grad_norm': 0,
        'speed/tokens_per_second': 0,
      }),
    noCurves,
  );
}

const wave = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(i / 50) + ((i * 7919) % 101) / 200);

describe('bucketsOf', () => {
  it('keeps every value where they are few', () => {
    const values = wave(mostPoints);
    const buckets = bucketsOf(record(values), 'train/loss', [0, mostPoints], 0);
    expect(buckets.map(({ step }) => step)).toEqual(values.map((_, i) => i + 1));
    for (const [i, { low, high, mean, smooth }] of buckets.entries()) {
      expect([low, high, mean]).toEqual([values[i], values[i], values[i]]);
      expect(smooth).toBeCloseTo(values[i]!, 12);
    }
  });

  it.each([401, 5000, 100_000])('has at most 400 points of %s, and each is what its steps are', (count) => {
    const values = wave(count);
    const smooth: number[] = [];
    const next = smoother(0.97);
    for (const value of values) smooth.push(next(value));
    for (const [from, to] of [
      [0, count],
      [count * 0.31, count * 0.74],
      [count - 350, count],
    ] as const) {
      const buckets = bucketsOf(record(values), 'train/loss', [from, to], 0.97);
      expect(buckets.length).toBeLessThanOrEqual(mostPoints);
      expect(buckets.length).toBeGreaterThan(Math.min(mostPoints, to - from) / 2 - 2);
      const width = buckets.length > 2 ? buckets[2]!.step - buckets[1]!.step : 1;
      for (const bucket of buckets) {
        const start = Math.floor((bucket.step - 1) / width) * width;
        const own = values.slice(start, bucket.step);
        expect(bucket.low).toBe(Math.min(...own));
        expect(bucket.high).toBe(Math.max(...own));
        expect(bucket.mean).toBeCloseTo(own.reduce((sum, value) => sum + value, 0) / own.length, 9);
        expect(bucket.smooth).toBeCloseTo(smooth[bucket.step - 1]!, 9);
      }
      expect(buckets[0]!.step - (width - 1)).toBeLessThanOrEqual(Math.max(1, from));
      expect(buckets.at(-1)!.step).toBeGreaterThanOrEqual(to - 1);
    }
  });

  it('loses no extreme', () => {
    const values = wave(100_000);
    [values[77_777], values[12_345]] = [99, -99];
    const buckets = bucketsOf(record(values), 'train/loss', [0, 100_000], 0);
    expect(Math.max(...buckets.map(({ high }) => high))).toBe(99);
    expect(Math.min(...buckets.map(({ low }) => low))).toBe(-99);
  });

  it('cuts at the same steps while the curve grows and is moved', () => {
    const ends = (count: number, from: number) =>
      new Set(bucketsOf(record(wave(count)), 'train/loss', [from, from + 3000], 0).map(({ step }) => step));
    const [before, after, moved] = [ends(5000, 0), ends(5100, 0), ends(5000, 100)];
    expect([...before].slice(0, -1).every((step) => after.has(step))).toBe(true);
    expect([...moved].filter((step) => step < 2900 && !before.has(step))).toEqual([]);
  });

  it('passes over what is no finite number', () => {
    const values = [1, Number.NaN, 3, Number.POSITIVE_INFINITY];
    expect(bucketsOf(record(values), 'train/loss', [0, 4], 0).map(({ mean }) => mean)).toEqual([1, 3]);
    expect(bucketsOf(noCurves, 'train/loss', [0, 4], 0)).toEqual([]);
  });

  it('goes by steps, not by places', () => {
    const steps = bucketsOf(record(wave(100), 10), 'train/loss', [200, 300], 0).map(({ step }) => step);
    expect(steps).toEqual([190, 200, 210, 220, 230, 240, 250, 260, 270, 280, 290, 300, 310]);
  });
});
