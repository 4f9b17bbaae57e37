/** The learning rate: up during the warm-up, then down to nothing. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import type { Series } from '../../store/series.ts';
import { scientific } from '../format.ts';
import { useStudio } from '../session.ts';
import { axis, grid, margin, still, valueAxis } from './axes.ts';
import { ChartBody } from './ChartBody.tsx';
import { ChartFrame } from './ChartFrame.tsx';
import { roundAxis } from './ticks.ts';
import { useSampled } from './useSampled.ts';

export function RateChart() {
  const { t } = useTranslation();
  const failed = useStudio((state) => state.run.phase === 'failed');
  const series = useSampled((state) => state.run.learningRate, 970);
  const totalSteps = useSampled((state) => state.run.totalSteps, 970);
  const latest = series.buckets.at(-1);
  return (
    <ChartFrame testid="chart-rate" title={t('charts.rate')} value={latest ? scientific(latest.mean) : null}>
      {latest ? (
        <RateLine series={series} totalSteps={totalSteps} />
      ) : (
        <p className="chart-empty quiet">{t(failed ? 'charts.noStep' : 'charts.waiting')}</p>
      )}
    </ChartFrame>
  );
}

const RateLine = memo(function RateLine({ series, totalSteps }: { series: Series; totalSteps: number }) {
  return (
    <ChartBody>
      <LineChart data={series.buckets as Series['buckets'][number][]} margin={margin}>
        <CartesianGrid {...grid} />
        <XAxis {...axis} dataKey="step" type="number" domain={[0, Math.max(1, totalSteps)]} minTickGap={32} />
        <YAxis {...valueAxis} width={56} {...roundAxis(reach(series), 3)} tickFormatter={scientific} />
        <Line {...still} activeDot={false} dataKey="mean" stroke="var(--ink-2)" strokeWidth={1.5} />
      </LineChart>
    </ChartBody>
  );
});

function reach({ buckets }: Series): [number, number] {
  return [0, Math.max(...buckets.map(({ high }) => high))];
}
