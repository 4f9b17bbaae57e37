/** Round numbers for axes. */
import { describe, expect, it } from 'vitest';
import { roundTicks } from '../../src/ui/charts/ticks.ts';

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
