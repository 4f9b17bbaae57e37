/** What a run on the data, as it stands, would train on and evaluate on. */
import { useTranslation } from 'react-i18next';
import type { DataPlan } from '../../contract/data.ts';
import { Figure } from '../controls/Figure.tsx';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';
import { Lengths } from './Lengths.tsx';

export function PlanSummary() {
  const { t } = useTranslation();
  const plan = useStudio((state) => state.plan);
  const planning = useStudio((state) => state.planning);
  if (!plan && !planning) return null;
  return (
    <section className="card plan" aria-label={t('plan.title')} aria-busy={planning} data-testid="plan">
      {plan ? (
        <>
          <PlanFigures plan={plan} />
          {plan.lengths.sampled > 0 ? <Lengths lengths={plan.lengths} /> : null}
        </>
      ) : (
        <p className="quiet plan-pending">{t('plan.pending')}</p>
      )}
    </section>
  );
}

function PlanFigures({ plan }: { plan: DataPlan }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sentences = useStudio((state) => state.drafts.objective === 'simcse');
  const leftOut = plan.train.problemCount + (plan.evaluation?.problemCount ?? 0);
  const epochs = plan.stepsPerEpoch > 0 ? Math.round(plan.totalSteps / plan.stepsPerEpoch) : 0;
  const { passedOver, evaluationSource: source } = plan;
  const scored = t(plan.evaluationScored ? 'plan.scored' : 'plan.unscored');
  return (
    <dl className="figures plan-figures">
      <Figure
        name={t('plan.examples')}
        unit={t(sentences ? 'plan.sentences' : 'plan.pairs')}
        note={passedOver > 0 ? t('plan.passedOver', { count: passedOver, rows: format.count(passedOver) }) : undefined}
        testid="train-examples"
      >
        {format.count(plan.trainExamples)}
      </Figure>
      <Figure
        name={t('plan.evaluated')}
        unit={t('plan.pairs')}
        note={t(`plan.source.${source}`, { scored })}
        testid="evaluation-pairs"
      >
        {format.count(plan.evaluationPairs)}
      </Figure>
      <Figure
        name={t('plan.steps')}
        note={t('plan.stepsOf', { epochs: format.count(epochs), perEpoch: format.count(plan.stepsPerEpoch) })}
        testid="planned-steps"
      >
        {format.count(plan.totalSteps)}
      </Figure>
      <Figure
        name={t('plan.leftOut')}
        unit={t('plan.rows')}
        note={leftOut > 0 ? t('plan.listed') : undefined}
        testid="left-out"
      >
        {format.count(leftOut)}
      </Figure>
    </dl>
  );
}
