/** Round numbers for an axis, linear or logarithmic. */
import { fixed } from '../format.ts';

/** About `count` round values (steps of 1, 2 or 5 times a power of ten) that enclose `low` to `high`. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / Math.max(1, count - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough * 0.75) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  // Through a rounded string, as 3 × 0.1 is not 0.3.
  return Array.from({ length: Math.max(2, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The axis properties for round ticks around the given values. */
export function roundAxis(values: readonly number[], count: number) {
  const ticks = roundTicks(Math.min(...values), Math.max(...values), count);
  const domain: [number, number] = [ticks[0]!, ticks.at(-1)!];
  const digits = Math.max(0, -Math.floor(Math.log10(ticks[1]! - ticks[0]!) + 1e-9));
  return { domain, ticks, tickFormatter: (value: number) => fixed(value, digits) };
}

/** Round values within a range of steps, whole and at most about `count`. */
export function stepTicks([from, to]: readonly [number, number], count: number): number[] {
  return roundTicks(from, to, count).filter((tick) => tick >= from && tick <= to && Number.isInteger(tick));
}

/**
 * About `count` values from `low` to `high` (both above 0) for a logarithmic axis: powers of ten, or those with 2 and 5
 * between, or with all nine; where even these are fewer than two, round values.
 */
export function logTicks(low: number, high: number, count: number): number[] {
  for (const mantissas of [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const mantissa of mantissas) ticks.push(Number(`${mantissa}e${power}`));
    }
    const inside = ticks.filter((tick) => tick >= low && tick <= high);
    if (inside.length >= Math.min(3, count)) return thin(inside, count);
  }
  return roundTicks(low, high, count).filter((tick) => tick >= low && tick <= high);
}

/** Every n-th, so that about `count` remain. */
function thin(ticks: readonly number[], count: number): number[] {
  const stride = Math.ceil(ticks.length / (count + 2));
  return ticks.filter((_, i) => i % stride === 0);
}

/** The axis properties for a logarithmic axis around values above 0, with a little room at both ends. */
export function logAxis([low, high]: readonly [number, number], count: number) {
  const room = (high / low) ** 0.04 * 1.01;
  const domain: [number, number] = [low / room, high * room];
  const ticks = logTicks(...domain, count);
  return {
    scale: 'log' as const,
    domain,
    ticks,
    tickFormatter: (value: number) => String(Number(value.toPrecision(3))),
  };
}
