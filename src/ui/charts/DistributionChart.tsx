/**
 * The cosines (of a cross-encoder: the predicted scores) of pairs that mean the same and of pairs that do not, as two
 * histograms over each other; the outlines are those of the untrained model. A slider walks through the evaluations,
 * also by itself, and follows the latest until it is moved.
 */
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvaluationReport } from '../../contract/run.ts';
import { distributionsCsv } from '../../store/chart-csv.ts';
import { barsOf, distributionsOf, tallest, zoomOf } from '../../store/histogram.ts';
import { runName } from '../../store/overlays.ts';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';
import { ChartFrame } from './ChartFrame.tsx';
import { DistributionAreas } from './DistributionAreas.tsx';
import { EvaluationSlider } from './EvaluationSlider.tsx';
import { LegendEntry } from './Legend.tsx';
import { useSampled } from './useSampled.ts';
import { useWalk } from './useWalk.ts';

export function DistributionChart() {
  const { t } = useTranslation();
  const format = useFormat();
  const evaluations = useSampled((state) => state.run.evaluations, 590);
  const predicted = useStudio((state) => state.run.config?.objective === 'cross-encoder');
  const name = useStudio((state) => runName(state.run));
  const walk = useWalk(evaluations);
  const index = useDeferredValue(walk.index);
  const all = useMemo(() => distributionsOf(evaluations), [evaluations]);
  const zoom = useMemo(() => zoomOf(all), [all]);
  const top = useMemo(() => (zoom ? tallest(all, zoom) : 0), [all, zoom]);
  const before = evaluations[0];
  const shown = evaluations[index] ?? evaluations.at(-1);
  const [then, now] = [before?.report.distributions ?? null, shown?.report.distributions ?? null];
  const bars = useMemo(() => (zoom && then && now ? barsOf(zoom, then, now) : []), [zoom, then, now]);
  const title = t(predicted ? 'charts.predictions' : 'charts.distribution');
  const table = () => ({
    head: [
      t(predicted ? 'charts.scoreFrom' : 'charts.cosineFrom'),
      t('charts.positives'),
      t('charts.negatives'),
      t('charts.positivesBefore'),
      t('charts.negativesBefore'),
    ],
    // The last bar only closes the one before it.
    rows: bars
      .slice(0, -1)
      .map(({ cosine, ...bar }) => [
        fixed(cosine, 2),
        ...[bar.positive, bar.negative, bar.positiveBefore, bar.negativeBefore].map(format.share),
      ]),
  });
  return (
    <ChartFrame
      testid="chart-distribution"
      title={title}
      help={t(predicted ? 'charts.predictionsHelp' : 'charts.distributionHelp')}
      data={
        shown && then && now
          ? { file: `${name}-pairs-${shown.step}`, csv: () => distributionsCsv(now, then), table }
          : null
      }
      legend={
        before && shown ? (
          <>
            <LegendEntry kind="positive">
              {t('charts.positives')} <Means before={before.report} now={shown.report} of="eval/positive_mean" />
            </LegendEntry>
            <LegendEntry kind="negative">
              {t('charts.negatives')} <Means before={before.report} now={shown.report} of="eval/negative_mean" />
            </LegendEntry>
            <LegendEntry kind="ghost">{t('charts.ghost')}</LegendEntry>
          </>
        ) : null
      }
    >
      {shown && bars.length > 0 ? (
        <>
          <DistributionAreas bars={bars} top={top} />
          <EvaluationSlider evaluations={evaluations} walk={walk} />
        </>
      ) : (
        <p className="chart-empty quiet">{t('charts.waitingEvaluation')}</p>
      )}
    </ChartFrame>
  );
}

type MeansProps = { before: EvaluationReport; now: EvaluationReport; of: 'eval/positive_mean' | 'eval/negative_mean' };

function Means({ before, now, of }: MeansProps) {
  if ((now.metrics[of] ?? null) === null) return null;
  return (
    <b>
      {fixed(before.metrics[of], 2)} → {fixed(now.metrics[of], 2)}
    </b>
  );
}
