/** The moving average, beside TensorBoard's own. */
import { describe, expect, it } from 'vitest';
import { lookBack, smoothAt, smoother } from '../../src/store/smoothing.ts';

/** As in TensorBoard 2.20, `resmoothDataset` (tensorboard/components/vz_line_chart2/line-chart.ts), without its case of a constant. */
function tensorBoard(values: readonly number[], smoothingWeight: number): number[] {
  let last = 0;
  let numAccum = 0;
  return values.map((nextVal) => {
    if (!Number.isFinite(nextVal)) return nextVal;
    last = last * smoothingWeight + (1 - smoothingWeight) * nextVal;
    numAccum++;
    const debiasWeight = smoothingWeight === 1 ? 1 : 1 - smoothingWeight ** numAccum;
    return last / debiasWeight;
  });
}

const values = Array.from({ length: 6000 }, (_, i) => 3 * Math.exp(-i / 900) + Math.sin(i * i));
values[700] = Number.NaN;
values[701] = Number.POSITIVE_INFINITY;

describe('the smoothed curve', () => {
  it.each([0, 0.3, 0.6, 0.9, 0.99])('is that of TensorBoard at %s, one value after the other', (weight) => {
    const expected = tensorBoard(values, weight);
    const next = smoother(weight);
    for (const [i, value] of values.entries()) {
      if (Number.isFinite(value)) expect(Math.abs(next(value) - expected[i]!)).toBeLessThan(1e-9);
      else expect(next(value)).toBe(expected[i]);
    }
  });

  it.each([0, 0.6, 0.9, 0.99])('is that of TensorBoard at %s, at any one place', (weight) => {
    const expected = tensorBoard(values, weight);
    for (const i of [0, 1, 40, 702, 3000, 5999]) {
      expect(Math.abs(smoothAt(Float64Array.from(values), i, weight) - expected[i]!)).toBeLessThan(1e-9);
    }
  });

  it('keeps a constant', () => {
    const next = smoother(0.9);
    for (let i = 0; i < 50; i++) expect(next(3)).toBeCloseTo(3, 12);
  });
});

it('looks back no further than what counts', () => {
  expect(lookBack(0)).toBe(0);
  expect(0.99 ** lookBack(0.99)).toBeLessThanOrEqual(1e-12);
  expect(lookBack(0.99)).toBeLessThan(3000);
});
