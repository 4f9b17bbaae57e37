/** The drawing of the two histograms and their ghosts. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Area, CartesianGrid, ComposedChart, Tooltip, XAxis, YAxis } from 'recharts';
import type { Bar } from '../../store/histogram.ts';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { grid, still, useAxes } from './axes.ts';
import { ChartBody } from './ChartBody.tsx';
import { Reading } from './Reading.tsx';
import { roundTicks } from './ticks.ts';

const step = { ...still, type: 'stepAfter' } as const;

export const DistributionAreas = memo(function DistributionAreas({ bars, top }: { bars: Bar[]; top: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { axis, margin, valueAxis } = useAxes();
  const [first, last] = [bars[0]!.cosine, bars.at(-1)!.cosine];
  return (
    <ChartBody>
      <ComposedChart data={bars} margin={margin}>
        <CartesianGrid {...grid} />
        <XAxis
          {...axis}
          dataKey="cosine"
          type="number"
          domain={[first, last]}
          ticks={ticksBetween(first, last)}
          tickFormatter={(value) => fixed(value, 1)}
        />
        <YAxis
          {...valueAxis}
          domain={[0, top]}
          ticks={roundTicks(0, top, 4).filter((tick) => tick <= top)}
          tickFormatter={format.share}
        />
        <Area
          {...step}
          dataKey="negative"
          stroke="var(--negative)"
          strokeWidth={1.5}
          fill="var(--negative-fill)"
          fillOpacity={1}
        />
        <Area
          {...step}
          dataKey="positive"
          stroke="var(--positive)"
          strokeWidth={1.5}
          fill="var(--positive-fill)"
          fillOpacity={1}
        />
        <Area {...step} dataKey="negativeBefore" stroke="var(--negative)" strokeDasharray="2 3" fill="none" />
        <Area {...step} dataKey="positiveBefore" stroke="var(--positive)" strokeDasharray="2 3" fill="none" />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--line-strong)' }}
          content={({ active, payload }) => {
            const bar = active ? (payload?.[0]?.payload as Bar | undefined) : undefined;
            return bar ? (
              <Reading
                title={fixed(bar.cosine, 2)}
                rows={[
                  { name: t('charts.positives'), value: format.share(bar.positive) },
                  { name: t('charts.negatives'), value: format.share(bar.negative) },
                ]}
              />
            ) : null;
          }}
        />
      </ComposedChart>
    </ChartBody>
  );
});

/** Round cosines within the cut: tenths, or fifths where it is wide. */
function ticksBetween(first: number, last: number): number[] {
  const stride = last - first > 1 ? 2 : 1;
  const ticks: number[] = [];
  for (let tenth = Math.ceil(first * 10 - 1e-6); tenth <= last * 10 + 1e-6; tenth++) {
    if (tenth % stride === 0) ticks.push(tenth / 10);
  }
  return ticks;
}
