/** The values of curves in words: those at one step, and all of a range as the rows of a table. */
import { bucketsOf } from '../../store/buckets.ts';
import { type CurveName, indexNear, valueAt } from '../../store/curves.ts';
import type { ShownRun } from '../../store/overlays.ts';
import type { Range } from '../../store/range.ts';
import { smoothAt } from '../../store/smoothing.ts';
import { mostRows } from './ChartTable.tsx';
import { RunSign } from './Legend.tsx';
import type { ReadingRow } from './Reading.tsx';

/** A figure, how it is smoothed, and how its values are written. */
export type CurveStyle = { name: CurveName; weight: number; write: (value: number) => string };

/** The smoothed value at the recorded step nearest to `step`; null where nothing is recorded. */
function smoothNear({ curves }: ShownRun, step: number, { name, weight, write }: CurveStyle): string | null {
  const index = indexNear(curves, step);
  return index < 0 ? null : write(smoothAt(curves.record.values[name], index, weight));
}

/** One run: its value, smoothed and as recorded; several: the smoothed value of each. */
export function readCurves(
  runs: readonly ShownRun[],
  step: number,
  style: CurveStyle,
  names: { value: string; smooth: string; raw: string },
): ReadingRow[] {
  const [own, ...others] = runs;
  if (!own) return [];
  if (others.length > 0) {
    return runs.flatMap((run, place) => {
      const value = smoothNear(run, step, style);
      return value === null ? [] : [{ name: run.name, value, sign: <RunSign place={place} /> }];
    });
  }
  const smooth = smoothNear(own, step, style);
  if (smooth === null) return [];
  if (style.weight === 0) return [{ name: names.value, value: smooth }];
  const raw = style.write(valueAt(own.curves, style.name, indexNear(own.curves, step)));
  return [
    { name: names.smooth, value: smooth },
    { name: names.raw, value: raw },
  ];
}

/** Step, mean, lowest and highest value, the smoothed one where there is smoothing, and the other runs' there. */
export function tabulateCurves(
  runs: readonly ShownRun[],
  range: Range,
  style: CurveStyle,
  count: (step: number) => string,
): string[][] {
  const [own, ...others] = runs;
  if (!own) return [];
  const { name, weight, write } = style;
  return bucketsOf(own.curves, name, range, weight, mostRows)
    .filter(({ step }) => step >= range[0] && step <= range[1])
    .map(({ step, mean, low, high, smooth }) => [
      count(step),
      ...[mean, low, high, ...(weight > 0 ? [smooth] : [])].map(write),
      ...others.map((run) => smoothNear(run, step, style) ?? '–'),
    ]);
}
