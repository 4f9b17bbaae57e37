/** The first step: the welcome while there is no data, then both tables and what a run would make of them. */
import './data.css';
import './plan.css';
import './health.css';
import { useTranslation } from 'react-i18next';
import { isActive } from '../../store/run.ts';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { useStudio } from '../session.ts';
import { EmptyEvaluation } from './EmptyEvaluation.tsx';
import { Health } from './Health.tsx';
import { PlanSummary } from './PlanSummary.tsx';
import { SlotCard } from './SlotCard.tsx';
import { Welcome } from './Welcome.tsx';

export function DataPanel() {
  const { t } = useTranslation();
  const hasTrain = useStudio((state) => state.slots.train.table !== null);
  const hasEvaluation = useStudio((state) => state.slots.evaluation.table !== null);
  const locked = useStudio((state) => isActive(state.run));
  if (!hasTrain && !hasEvaluation) return <Welcome />;
  return (
    <div className="panel">
      <header className="panel-head">
        <h2>{t('data.title')}</h2>
        {locked ? <p>{t('data.locked')}</p> : null}
      </header>
      <ProblemNote place="plan" />
      {hasTrain ? <PlanSummary /> : null}
      {hasTrain ? <Health /> : null}
      {hasTrain ? <SlotCard slot="train" locked={locked} /> : <Welcome />}
      {hasEvaluation ? <SlotCard slot="evaluation" locked={locked} /> : <EmptyEvaluation locked={locked} />}
    </div>
  );
}
