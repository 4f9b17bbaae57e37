/**
 * The lines of one figure of the steps: thin as recorded, thick smoothed, and where a point stands for several steps, the
 * band between their lowest and highest value; of other runs, the smoothed line alone.
 */
import { memo, type ReactNode, useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts';
import { type Bucket, bucketsOf, mostPoints } from '../../store/buckets.ts';
import type { CurveName } from '../../store/curves.ts';
import type { ShownRun } from '../../store/overlays.ts';
import type { Range } from '../../store/range.ts';
import { useFormat } from '../language.ts';
import { grid, still, useAxes } from './axes.ts';
import { ChartBody } from './ChartBody.tsx';
import { otherLines } from './otherLines.tsx';
import { logAxis, roundAxis, stepTicks } from './ticks.ts';
import type { Marks } from './useShown.ts';

type Props = {
  name: CurveName;
  runs: readonly ShownRun[];
  range: Range;
  zoomed: boolean;
  weight: number;
  log: boolean;
  marks: Marks;
  /** How values stand at the axis, where round decimals will not do. */
  write?: (value: number) => string;
  /** A large chart with every detail; others have half the points, and no thin line within their band. */
  fine: boolean;
  over: ReactNode;
};

export const CurveLines = memo(function CurveLines(props: Props) {
  const { name, runs, range, zoomed, weight, log, marks, write, fine, over } = props;
  const format = useFormat();
  const { margin, stepAxis, valueAxis } = useAxes();
  const most = fine ? mostPoints : mostPoints / 2;
  const ticks = fine ? 5 : 3;
  const lines = useMemo(
    () => runs.map(({ curves }) => bucketsOf(curves, name, range, weight, most).map((bucket) => pointOf(bucket, log))),
    [runs, name, range, weight, log, most],
  );
  const reach = reachOf(lines.flat(), zoomed || log);
  const values = log ? logAxis(reach, ticks) : roundAxis(reach, ticks);
  const own = lines[0] ?? [];
  const banded = own.some(({ range: [low, high] }) => low !== high);
  return (
    <ChartBody over={over}>
      <ComposedChart data={own} margin={margin}>
        <CartesianGrid {...grid} />
        <XAxis {...stepAxis} domain={[...range]} ticks={stepTicks(range, 6)} tickFormatter={format.count} />
        <YAxis {...valueAxis} {...values} {...(write ? { tickFormatter: write } : {})} />
        {banded ? <Area {...still} dataKey="range" stroke="none" fill="var(--accent)" fillOpacity={0.16} /> : null}
        {weight > 0 && (fine || !banded) ? (
          <Line {...still} dataKey="mean" stroke="var(--accent)" strokeOpacity={0.42} strokeWidth={1} />
        ) : null}
        {otherLines(lines, runs, 'smooth')}
        <Line {...still} dataKey="smooth" stroke="var(--accent)" strokeWidth={2} />
        {marks.best === null ? null : <ReferenceLine x={marks.best} {...markLine} strokeDasharray="1 3" />}
        {marks.early === null ? null : <ReferenceLine x={marks.early} {...markLine} />}
      </ComposedChart>
    </ChartBody>
  );
});

/** A step that stands out. */
export const markLine = { stroke: 'var(--ink-3)', ifOverflow: 'hidden' } as const;

type Point = { step: number; range: [number, number]; mean: number | null; smooth: number | null };

/** What is not above 0 has no place on a logarithmic axis. */
function pointOf({ step, low, high, mean, smooth }: Bucket, log: boolean): Point {
  const place = (value: number) => (log && value <= 0 ? null : value);
  const bottom = log && low <= 0 ? (place(mean) ?? high) : low;
  return { step, range: [bottom, high], mean: place(mean), smooth: place(smooth) };
}

/** From the lowest value (or 0, unless only a part is shown) to the highest. */
function reachOf(points: readonly Point[], tight: boolean): [number, number] {
  let [low, high] = tight ? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] : [0, 0];
  for (const { range, mean, smooth } of points) {
    if (mean === null && smooth === null) continue;
    low = Math.min(low, range[0]);
    high = Math.max(high, range[1]);
  }
  return low <= high ? [low, high] : [1, 1];
}
