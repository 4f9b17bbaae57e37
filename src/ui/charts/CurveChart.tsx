/** One figure of every step as a chart: the loss, the learning rate, the gradient's norm, the tokens a second. */
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { curvesCsv } from '../../store/chart-csv.ts';
import { type CurveName, indexNear, stepAt } from '../../store/curves.ts';
import { smoothAt } from '../../store/smoothing.ts';
import { fixed, scientific } from '../format.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';
import { ChartFrame } from './ChartFrame.tsx';
import { CurveLines } from './CurveLines.tsx';
import { readCurves, tabulateCurves } from './curveWords.tsx';
import { LegendEntry, RunEntries } from './Legend.tsx';
import { Plot, type StepReading } from './Plot.tsx';
import { latestRuns, useShown } from './useShown.ts';

const kinds = {
  'train/loss': { part: 'loss', smooths: true, logs: true, fine: true, beat: 510 },
  'train/learning_rate': { part: 'rate', smooths: false, logs: true, fine: false, beat: 970 },
  'train/grad_norm': { part: 'gradient', smooths: true, logs: true, fine: false, beat: 890 },
  'speed/tokens_per_second': { part: 'tokens', smooths: true, logs: false, fine: false, beat: 1010 },
} as const;

export function CurveChart({ of: name }: { of: CurveName }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { part, smooths, logs, fine, beat } = kinds[name];
  const failed = useStudio((state) => state.run.phase === 'failed');
  const { runs, range, zoomed, smoothing, log, marks } = useShown(beat);
  const weight = smooths ? smoothing : 0;
  const title = t(`charts.${part}`);
  const write = useMemo(
    () =>
      ({
        loss: (value: number) => fixed(value, 4),
        rate: (value: number) => scientific(value),
        gradient: (value: number) => fixed(value, 3),
        tokens: (value: number) => format.count(value),
      })[part],
    [part, format],
  );

  const style = useMemo(() => ({ name, weight, write }), [name, weight, write]);
  const read = useCallback(
    (step: number): StepReading | null => {
      const names = { value: title, smooth: t('charts.smooth'), raw: t('charts.raw') };
      const rows = readCurves(runs, step, style, names);
      const [own] = runs;
      const there = own && own.curves.length > 0 ? stepAt(own.curves, indexNear(own.curves, step)) : step;
      return rows.length > 0 ? { title: t('charts.step', { step: format.count(there) }), rows } : null;
    },
    [runs, style, t, title, format],
  );
  const table = () => ({
    head: [
      t('charts.stepColumn'),
      ...(['mean', 'low', 'high'] as const).map((of) => t(`charts.column.${of}`)),
      ...(weight > 0 ? [t('charts.smooth')] : []),
      ...runs.slice(1).map((run) => run.name),
    ],
    rows: tabulateCurves(runs, range, style, format.count),
  });

  // Kept, so that the lines are drawn again only where they change.
  const plot = useMemo(() => <Plot title={title} range={range} read={read} />, [title, range, read]);
  const own = runs[0]?.curves;
  const latest = own && own.length > 0 ? smoothAt(own.record.values[name], own.length - 1, weight) : null;
  const something = runs.some(({ curves }) => curves.length > 0);
  return (
    <ChartFrame
      testid={`chart-${part}`}
      title={title}
      help={t(`charts.help.${part}`)}
      value={latest === null ? null : write(latest)}
      data={
        something ? { file: `${runs[0]!.name}-${part}`, csv: () => curvesCsv(latestRuns(), name, range), table } : null
      }
      legend={
        <>
          {part === 'loss' && weight > 0 && runs.length === 1 ? (
            <>
              <LegendEntry kind="raw">{t('charts.raw')}</LegendEntry>
              <LegendEntry kind="smooth">{t('charts.smooth')}</LegendEntry>
            </>
          ) : null}
          <RunEntries runs={runs} />
          {part === 'loss' && marks.best !== null ? (
            <LegendEntry kind="bestStep">{t('charts.bestStep', { step: format.count(marks.best) })}</LegendEntry>
          ) : null}
          {part === 'loss' && marks.early !== null ? (
            <LegendEntry kind="early">{t('charts.early', { step: format.count(marks.early) })}</LegendEntry>
          ) : null}
        </>
      }
    >
      {something ? (
        <CurveLines
          {...{ name, runs, range, zoomed, weight, marks, fine }}
          log={logs && log}
          write={part === 'loss' || part === 'gradient' ? undefined : write}
          over={plot}
        />
      ) : (
        <p className="chart-empty quiet">{t(failed ? 'charts.noStep' : 'charts.waiting')}</p>
      )}
    </ChartFrame>
  );
}
