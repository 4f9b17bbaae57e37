/** How many evaluations the interval comes to in the planned run. */
import { useTranslation } from 'react-i18next';
import { readNumber } from '../../store/options.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';

export function EvaluationCount() {
  const { t } = useTranslation();
  const format = useFormat();
  const steps = useStudio((state) => (state.plan?.evaluationPairs ? state.plan.totalSteps : 0));
  const every = useStudio((state) => readNumber(state.drafts.evaluateEvery));
  if (steps === 0 || !(every >= 1)) return null;
  // One before the first step, one at each interval, and one at the end unless an interval ends there.
  const count = 1 + Math.ceil(steps / every);
  return (
    <p className="small option-count">
      {t('objective.evaluations', { count, evaluations: format.count(count), steps: format.count(steps) })}
    </p>
  );
}
