/** Round numbers for axes. */
import { describe, expect, it } from 'vitest';
import { logAxis, logTicks, roundTicks, stepTicks } from '../../src/ui/charts/ticks.ts';

describe('roundTicks', () => {
  it('encloses the values', () => {
    for (const [low, high] of [
      [0, 4.2],
      [0.607, 0.819],
      [-0.2, 0.31],
      [0, 2e-4],
      [12, 12],
    ] as const) {
      const ticks = roundTicks(low, high, 5);
      expect(ticks[0]).toBeLessThanOrEqual(low);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(8);
    }
  });

  it('steps by round numbers', () => {
    expect(roundTicks(0, 4.2, 5)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(roundTicks(0, 0.12, 4)).toEqual([0, 0.05, 0.1, 0.15]);
    expect(roundTicks(0, 2e-4, 3)).toEqual([0, 1e-4, 2e-4]);
  });
});

it('stepTicks are whole steps within the range', () => {
  expect(stepTicks([137, 912], 6)).toEqual([200, 400, 600, 800]);
  expect(stepTicks([3, 7], 6)).toEqual([3, 4, 5, 6, 7]);
});

describe('a logarithmic axis', () => {
  it('has powers of ten, and more between where they are few', () => {
    expect(logTicks(1e-4, 1, 5)).toEqual([1e-4, 1e-3, 1e-2, 1e-1, 1]);
    expect(logTicks(0.3, 6, 5)).toEqual([0.5, 1, 2, 5]);
    expect(logTicks(2.1, 2.4, 5).every((tick) => tick >= 2.1 && tick <= 2.4)).toBe(true);
  });

  it('encloses the values, and has ticks within', () => {
    for (const reach of [
      [1e-7, 3e-4],
      [0.31, 0.32],
      [2, 2],
      [0.4, 2.9],
    ] as const) {
      const { domain, ticks } = logAxis(reach, 5);
      expect(domain[0]).toBeLessThan(reach[0]);
      expect(domain[1]).toBeGreaterThan(reach[1]);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks.every((tick) => tick >= domain[0] && tick <= domain[1])).toBe(true);
    }
  });
});
