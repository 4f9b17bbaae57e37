/** The drawing of a metric over the steps: a line a run, the untrained value, the best point, an early end. */
import { memo, type ReactNode } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceDot, ReferenceLine, XAxis, YAxis } from 'recharts';
import type { MetricName } from '../../contract/metrics.ts';
import { type Evaluation, metricIn } from '../../store/evaluations.ts';
import type { ShownRun } from '../../store/overlays.ts';
import type { Range } from '../../store/range.ts';
import { useFormat } from '../language.ts';
import { grid, still, useAxes } from './axes.ts';
import { ChartBody } from './ChartBody.tsx';
import { markLine } from './CurveLines.tsx';
import { otherLines } from './otherLines.tsx';
import { roundAxis, stepTicks } from './ticks.ts';

type Props = {
  name: MetricName;
  runs: readonly ShownRun[];
  range: Range;
  best: Evaluation | null;
  early: number | null;
  over: ReactNode;
};

/** With more points than these, dots would touch. */
const mostDots = 40;

export const MetricLines = memo(function MetricLines({ name, runs, range, best, early, over }: Props) {
  const format = useFormat();
  const { margin, stepAxis, valueAxis } = useAxes();
  const lines = runs.map(({ evaluations }) =>
    evaluations.map((evaluation) => ({ step: evaluation.step, value: metricIn(evaluation, name) })),
  );
  const own = lines[0] ?? [];
  const values = lines.flatMap((points) => visibleOf(points, range)).flatMap(({ value }) => value ?? []);
  return (
    <ChartBody over={over}>
      <LineChart data={own} margin={margin}>
        <CartesianGrid {...grid} />
        <XAxis {...stepAxis} domain={[...range]} ticks={stepTicks(range, 6)} tickFormatter={format.count} />
        <YAxis {...valueAxis} {...roundAxis(values.length > 0 ? values : [0, 1], 5)} />
        <ReferenceLine y={own[0]?.value ?? undefined} ifOverflow="hidden" stroke="var(--ink-3)" strokeDasharray="3 3" />
        {early === null ? null : <ReferenceLine x={early} {...markLine} />}
        {otherLines(lines, runs, 'value')}
        <Line
          {...still}
          dataKey="value"
          stroke="var(--accent)"
          strokeWidth={2}
          dot={own.length <= mostDots ? { r: 2.5, fill: 'var(--accent)', strokeWidth: 0 } : false}
        />
        {best ? (
          <ReferenceDot
            x={best.step}
            y={metricIn(best, name) ?? undefined}
            ifOverflow="discard"
            r={5}
            fill="var(--surface)"
            stroke="var(--accent)"
            strokeWidth={2}
          />
        ) : null}
      </LineChart>
    </ChartBody>
  );
});

type Point = { step: number; value: number | null };

/** The points in the range, and those on both sides that lines come from and go to. */
function visibleOf(points: readonly Point[], [from, to]: Range): readonly Point[] {
  const first = points.findIndex(({ step }) => step >= from);
  const last = points.findLastIndex(({ step }) => step <= to);
  return points.slice(Math.max(0, (first < 0 ? points.length : first) - 1), last + 2);
}
