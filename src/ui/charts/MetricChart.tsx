/** One metric of the evaluations over the steps: where the untrained model stood, how it went, and where it was best. */
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type MetricName, metricOf } from '../../contract/metrics.ts';
import { metricCsv } from '../../store/chart-csv.ts';
import { bestOf, type Evaluation, metricIn, metricsOf, nearestTo } from '../../store/evaluations.ts';
import { Choice } from '../controls/Choice.tsx';
import { fixed } from '../format.ts';
import { useFormat, useSay } from '../language.ts';
import { ChartFrame } from './ChartFrame.tsx';
import { LegendEntry, RunEntries, RunSign } from './Legend.tsx';
import { MetricLines } from './MetricLines.tsx';
import { Plot, type StepReading } from './Plot.tsx';
import { latestRuns, useShown } from './useShown.ts';

export function MetricChart() {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormat();
  const { runs, range, marks } = useShown(430);
  const [chosen, setChosen] = useState<MetricName | null>(null);
  const evaluations = runs[0]?.evaluations ?? [];
  const [first, latest] = [evaluations[0], evaluations.at(-1)];
  const names = useMemo(() => metricsOf(runs.flatMap((run) => run.evaluations)), [runs]);
  const name = chosen !== null && names.includes(chosen) ? chosen : (first?.report.primary ?? names[0]);
  const title = name ? say(metricOf(name).label) : t('charts.metric');

  const read = useCallback(
    (step: number): StepReading | null => {
      const rows = runs.flatMap(({ name: runName, evaluations }, place) => {
        const there = nearestTo(evaluations, step);
        if (!there || !name) return [];
        const value = fixed(metricIn(there, name), 4);
        return [runs.length > 1 ? { name: runName, value, sign: <RunSign place={place} /> } : { name: title, value }];
      });
      const there = nearestTo(runs[0]?.evaluations ?? [], step)?.step ?? step;
      return rows.length > 0 ? { title: t('charts.step', { step: format.count(there) }), rows } : null;
    },
    [runs, name, title, t, format],
  );

  const plot = useMemo(() => <Plot title={title} range={range} read={read} />, [title, range, read]);
  const best = useMemo(() => (name ? bestOf(runs[0]?.evaluations ?? [], name) : null), [runs, name]);

  if (!first || !latest || !name) {
    return (
      <ChartFrame testid="chart-metric" title={title} data={null}>
        <p className="chart-empty quiet">{t('charts.waitingEvaluation')}</p>
      </ChartFrame>
    );
  }
  if (!names.includes(name)) {
    return (
      <ChartFrame testid="chart-metric" title={title} data={null}>
        <p className="chart-empty quiet">{t('charts.noMetric')}</p>
      </ChartFrame>
    );
  }
  const others = runs.slice(1);
  const table = () => ({
    head: [t('charts.stepColumn'), title, ...others.map((run) => run.name)],
    rows: evaluations
      .filter(({ step }) => step >= range[0] && step <= range[1])
      .map((evaluation) => [
        format.count(evaluation.step),
        fixed(metricIn(evaluation, name), 4),
        ...others.map((run) => fixed(valueAtStep(run.evaluations, evaluation.step, name), 4)),
      ]),
  });
  const choices = names.map((each) => [each, say(metricOf(each).label)] as const);
  return (
    <ChartFrame
      testid="chart-metric"
      title={title}
      choice={
        names.length > 1 ? (
          <Choice
            aria-label={t('charts.chooseMetric')}
            value={name}
            options={choices}
            onChange={(next) => setChosen(names.find((each) => each === next) ?? null)}
          />
        ) : undefined
      }
      help={say(metricOf(name).help)}
      value={
        <>
          <span className="quiet">{fixed(metricIn(first, name), 3)} →</span> {fixed(metricIn(latest, name), 3)}
        </>
      }
      data={{
        file: `${runs[0]!.name}-${name.replace('eval/', '')}`,
        csv: () => metricCsv(latestRuns(), name, range),
        table,
      }}
      legend={
        <>
          <LegendEntry kind="untrained">
            {t('charts.untrained')} {fixed(metricIn(first, name), 3)}
          </LegendEntry>
          {best ? (
            <LegendEntry kind="best">
              {t('charts.best')} {fixed(metricIn(best, name), 3)} ·{' '}
              {t('charts.step', { step: format.count(best.step) })}
            </LegendEntry>
          ) : null}
          {marks.early === null ? null : (
            <LegendEntry kind="early">{t('charts.early', { step: format.count(marks.early) })}</LegendEntry>
          )}
          <RunEntries runs={runs} />
        </>
      }
    >
      <MetricLines {...{ name, runs, range, best, early: marks.early }} over={plot} />
    </ChartFrame>
  );
}

function valueAtStep(evaluations: readonly Evaluation[], step: number, name: MetricName): number | null {
  const there = evaluations.find((each) => each.step === step);
  return there ? metricIn(there, name) : null;
}
