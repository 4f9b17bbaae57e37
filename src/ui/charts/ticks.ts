/** Round numbers for an axis. */
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
