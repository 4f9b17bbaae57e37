/** The loss at each step, thin, with the smoothed curve over it; long runs show the range of each bucket of steps. */
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Area, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from 'recharts';
import type { Series } from '../../store/series.ts';
import { fixed } from '../format.ts';
import { useStudio } from '../session.ts';
import { axis, grid, margin, still, valueAxis } from './axes.ts';
import { ChartBody } from './ChartBody.tsx';
import { ChartFrame, LegendEntry } from './ChartFrame.tsx';
import { Reading } from './Reading.tsx';
import { roundAxis } from './ticks.ts';
import { useSampled } from './useSampled.ts';

export function LossChart() {
  const { t } = useTranslation();
  const failed = useStudio((state) => state.run.phase === 'failed');
  const series = useSampled((state) => state.run.loss, 510);
  const totalSteps = useSampled((state) => state.run.totalSteps, 510);
  const latest = series.buckets.at(-1);
  return (
    <ChartFrame
      testid="chart-loss"
      title={t('charts.loss')}
      help={t('charts.lossHelp')}
      value={latest ? fixed(latest.smooth, 4) : null}
      legend={
        <>
          <LegendEntry kind="raw">{t('charts.raw')}</LegendEntry>
          <LegendEntry kind="smooth">{t('charts.smooth')}</LegendEntry>
        </>
      }
    >
      {latest ? (
        <LossLines series={series} totalSteps={totalSteps} />
      ) : (
        <p className="chart-empty quiet">{t(failed ? 'charts.noStep' : 'charts.waiting')}</p>
      )}
    </ChartFrame>
  );
}

const LossLines = memo(function LossLines({ series, totalSteps }: { series: Series; totalSteps: number }) {
  const { t } = useTranslation();
  const data = useMemo(
    () => series.buckets.map(({ step, low, high, mean, smooth }) => ({ step, range: [low, high], mean, smooth })),
    [series],
  );
  return (
    <ChartBody>
      <ComposedChart data={data} margin={margin}>
        <CartesianGrid {...grid} />
        <XAxis {...axis} dataKey="step" type="number" domain={[0, Math.max(1, totalSteps)]} minTickGap={32} />
        <YAxis {...valueAxis} {...roundAxis(reach(series), 5)} />
        {series.width > 1 ? (
          <Area {...still} activeDot={false} dataKey="range" stroke="none" fill="var(--accent)" fillOpacity={0.16} />
        ) : null}
        <Line {...still} dataKey="mean" stroke="var(--accent)" strokeOpacity={0.42} strokeWidth={1} />
        <Line {...still} dataKey="smooth" stroke="var(--accent)" strokeWidth={2} />
        <Tooltip
          {...still}
          cursor={{ stroke: 'var(--line-strong)' }}
          content={({ active, payload }) => {
            const point = active ? (payload?.[0]?.payload as (typeof data)[number] | undefined) : undefined;
            return point ? (
              <Reading
                title={t('charts.step', { step: point.step })}
                rows={[
                  [t('charts.smooth'), fixed(point.smooth, 4)],
                  [t('charts.raw'), fixed(point.mean, 4)],
                ]}
              />
            ) : null;
          }}
        />
      </ComposedChart>
    </ChartBody>
  );
});

/** From 0, or below, to the highest loss. */
function reach({ buckets }: Series): [number, number] {
  return [Math.min(0, ...buckets.map(({ low }) => low)), Math.max(...buckets.map(({ high }) => high))];
}
