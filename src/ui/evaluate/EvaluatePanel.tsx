/** The fifth step: what training changed, in a sentence, a table and two charts. */
import './evaluate.css';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { EvaluationCharts } from '../charts/lazy.tsx';
import { useStudio } from '../session.ts';
import { ReportTable } from './ReportTable.tsx';
import { RunCard } from './RunCard.tsx';

export function EvaluatePanel() {
  const { t } = useTranslation();
  const any = useStudio((state) => state.run.evaluations.length > 0);
  const ended = useStudio((state) => state.run.outcome !== null);
  return (
    <div className="panel">
      <header className="panel-head">
        <h2>{t('evaluate.title')}</h2>
      </header>
      {ended ? <RunCard /> : null}
      {any && !ended ? (
        <section className="card">
          <ReportTable />
        </section>
      ) : null}
      {any ? (
        <Suspense fallback={<p className="quiet">{t('train.loadingCharts')}</p>}>
          <EvaluationCharts />
        </Suspense>
      ) : null}
      {any || ended ? null : (
        <div className="empty">
          <h3>{t('evaluate.emptyTitle')}</h3>
          <p>{t('evaluate.emptyText')}</p>
        </div>
      )}
    </div>
  );
}
