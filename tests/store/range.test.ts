/** Zooming and moving on the step axis. */
import { expect, it } from 'vitest';
import { fitRange, moveRange, narrowest, type Range, zoomRange } from '../../src/store/range.ts';

const whole: Range = [0, 1000];

it('puts the ends in order, onto steps and within the whole', () => {
  expect(fitRange([300.4, 99.6], whole)).toEqual([100, 301]);
  expect(fitRange([-50, 50], whole)).toEqual([0, 100]);
  expect(fitRange([990, 1090], whole)).toEqual([900, 1000]);
  expect(fitRange([500, 500], whole)).toEqual([500, 500 + narrowest]);
});

it('is null where everything is shown', () => {
  expect(fitRange([-1, 1001], whole)).toBeNull();
  expect(zoomRange([400, 600], 99, 500, whole)).toBeNull();
  expect(fitRange([0, 3], [0, 3])).toBeNull();
});

it('zooms around a step that keeps its place', () => {
  expect(zoomRange([0, 1000], 0.5, 500, whole)).toEqual([250, 750]);
  const [from, to] = zoomRange([200, 600], 0.5, 300, whole)!;
  expect((300 - from) / (to - from)).toBeCloseTo((300 - 200) / 400, 2);
  expect(zoomRange([250, 750], 2, 500, whole)).toBeNull();
});

it('moves by a share of what is shown, up to the ends', () => {
  expect(moveRange([200, 400], 0.5, whole)).toEqual([300, 500]);
  expect(moveRange([200, 400], -9, whole)).toEqual([0, 200]);
});
