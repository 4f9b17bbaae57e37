/** What a run on the data, as it stands, would train on and evaluate on. */
import { useTranslation } from 'react-i18next';
import type { DataPlan } from '../../contract/data.ts';
import { type Material, objectiveOf } from '../../contract/objectives.ts';
import { objectiveIn } from '../../store/options.ts';
import { Figure } from '../controls/Figure.tsx';
import { useFormat, useRunOn } from '../language.ts';
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

/** What the examples of an objective are counted in. */
const units = {
  pairs: 'plan.pairs',
  sentences: 'plan.sentences',
  'scored-pairs': 'plan.pairs',
  'binary-pairs': 'plan.pairs',
  triplets: 'plan.triplets',
  'classified-pairs': 'plan.pairs',
  'judged-pairs': 'plan.pairs',
} as const satisfies Record<Material, string>;

function PlanFigures({ plan }: { plan: DataPlan }) {
  const { t } = useTranslation();
  const runOn = useRunOn();
  const format = useFormat();
  const material = useStudio(({ drafts }) => objectiveOf(objectiveIn(drafts)).material);
  const leftOut = plan.train.problemCount + (plan.evaluation?.problemCount ?? 0);
  const epochs = plan.stepsPerEpoch > 0 ? Math.round(plan.totalSteps / plan.stepsPerEpoch) : 0;
  const unlabelled = plan.train.unlabelled + (plan.evaluation?.unlabelled ?? 0);
  const { passedOver, evaluationSource: source } = plan;
  const kind = t(`plan.kind.${plan.evaluationKind}`);
  const passedOverNote = t(material === 'pairs' ? 'plan.passedOver' : 'plan.passedOverOther', {
    count: passedOver,
    rows: format.count(passedOver),
  });
  const leftOutNote = runOn(
    unlabelled > 0 ? t('plan.unlabelled', { count: unlabelled, rows: format.count(unlabelled) }) : '',
    leftOut > 0 ? t('plan.listed') : '',
  );
  return (
    <dl className="figures plan-figures">
      <Figure
        name={t('plan.examples')}
        unit={t(units[material], { count: plan.trainExamples })}
        note={passedOver > 0 ? passedOverNote : undefined}
        testid="train-examples"
      >
        {format.count(plan.trainExamples)}
      </Figure>
      <Figure
        name={t('plan.evaluated')}
        unit={t('plan.pairs', { count: plan.evaluationPairs })}
        note={t(`plan.source.${source}`, { kind })}
        testid="evaluation-pairs"
      >
        {format.count(plan.evaluationPairs)}
      </Figure>
      <Figure
        name={t('plan.steps')}
        note={t('plan.stepsOf', {
          count: epochs,
          epochs: format.count(epochs),
          perEpoch: format.count(plan.stepsPerEpoch),
        })}
        testid="planned-steps"
      >
        {format.count(plan.totalSteps)}
      </Figure>
      <Figure
        name={t('plan.leftOut')}
        unit={t('plan.rows', { count: leftOut })}
        note={leftOutNote || undefined}
        testid="left-out"
      >
        {format.count(leftOut)}
      </Figure>
    </dl>
  );
}
