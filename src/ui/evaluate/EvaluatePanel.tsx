/** The fifth step: what training changed, in a sentence, every figure, two charts and the pairs that are judged worst. */
import './evaluate.css';
import './results.css';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { EvaluationCharts } from '../charts/lazy.tsx';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { useStudio } from '../session.ts';
import { ClassTable } from './ClassTable.tsx';
import { ReportTable } from './ReportTable.tsx';
import { ResultFiles } from './ResultFiles.tsx';
import { RunCard } from './RunCard.tsx';
import { WorstPairs } from './WorstPairs.tsx';

export function EvaluatePanel() {
  const { t } = useTranslation();
  const latest = useStudio((state) => state.run.evaluations.at(-1)?.report ?? null);
  const outcome = useStudio((state) => state.run.outcome);
  const judged = outcome !== null && outcome.after.pairs > 0;
  const confusion = outcome?.after.confusion ?? latest?.confusion;
  return (
    <div className="panel evaluate">
      <header className="panel-head">
        <h2>{t('evaluate.title')}</h2>
      </header>
      <ProblemNote place="evaluate" />
      {outcome ? <RunCard /> : null}
      {latest ? (
        <Suspense fallback={<p className="quiet">{t('train.loadingCharts')}</p>}>
          <EvaluationCharts />
        </Suspense>
      ) : null}
      {latest || judged ? (
        <section className="card" aria-label={t('evaluate.table')}>
          <ReportTable />
          {judged ? <ResultFiles outcome={outcome} /> : null}
        </section>
      ) : null}
      {confusion ? (
        <section className="card" aria-labelledby="per-label">
          <h3 id="per-label">{t('confusion.perLabel')}</h3>
          <ClassTable confusion={confusion} />
        </section>
      ) : null}
      {judged ? <WorstPairs /> : null}
      {latest || outcome ? null : (
        <div className="empty">
          <h3>{t('evaluate.emptyTitle')}</h3>
          <p>{t('evaluate.emptyText')}</p>
        </div>
      )}
    </div>
  );
}
