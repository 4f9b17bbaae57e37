/** Which labels a classifier gives to rows of each gold label. A slider walks through the evaluations. */
import { useTranslation } from 'react-i18next';
import { confusionCsv } from '../../store/chart-csv.ts';
import { runName } from '../../store/overlays.ts';
import { ConfusionTable } from '../evaluate/ConfusionTable.tsx';
import { useStudio } from '../session.ts';
import { ChartFrame } from './ChartFrame.tsx';
import { EvaluationSlider } from './EvaluationSlider.tsx';
import { useSampled } from './useSampled.ts';
import { useWalk } from './useWalk.ts';

export function ConfusionChart() {
  const { t } = useTranslation();
  const evaluations = useSampled((state) => state.run.evaluations, 590);
  const name = useStudio((state) => runName(state.run));
  const walk = useWalk(evaluations);
  const shown = evaluations[walk.index];
  const confusion = shown?.report.confusion;
  return (
    <ChartFrame
      testid="chart-confusion"
      title={t('charts.confusion')}
      help={t('charts.confusionHelp')}
      data={
        confusion ? { file: `${name}-confusion-${shown.step}`, csv: () => confusionCsv(confusion), table: null } : null
      }
    >
      {confusion ? (
        <>
          <ConfusionTable confusion={confusion} />
          <EvaluationSlider evaluations={evaluations} walk={walk} />
        </>
      ) : (
        <p className="chart-empty quiet">{t('charts.waitingEvaluation')}</p>
      )}
    </ChartFrame>
  );
}
