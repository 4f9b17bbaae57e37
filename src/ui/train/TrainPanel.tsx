/** The fourth step: what a run will do, then its charts, then what came of it. */
import '../evaluate/evaluate.css';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { isActive } from '../../store/run.ts';
import { TrainCharts } from '../charts/lazy.tsx';
import { Button } from '../controls/Button.tsx';
import { RunCard } from '../evaluate/RunCard.tsx';
import { useFormat, useLanguage } from '../language.ts';
import { MemoryNeed } from '../objective/MemoryNeed.tsx';
import { actions, useStudio } from '../session.ts';
import { RunHints } from './RunHints.tsx';

export function TrainPanel() {
  const { t } = useTranslation();
  const idle = useStudio((state) => state.run.phase === 'idle');
  const active = useStudio((state) => isActive(state.run));
  return (
    <div className="panel">
      <header className="panel-head">
        <h2>{t('train.title')}</h2>
        {active ? <p>{t('away.goesOn')}</p> : null}
      </header>
      {idle ? (
        <NotYet />
      ) : (
        <>
          <RunCard />
          <RunHints />
          <Suspense fallback={<p className="quiet">{t('train.loadingCharts')}</p>}>
            <TrainCharts />
          </Suspense>
        </>
      )}
    </div>
  );
}

function NotYet() {
  const { t } = useTranslation();
  const language = useLanguage();
  const format = useFormat();
  const plan = useStudio((state) => state.plan);
  const hasData = useStudio((state) => state.slots.train.table !== null);
  return (
    <div className="empty">
      <h3>{t('train.emptyTitle')}</h3>
      <p>{t('train.emptyText')}</p>
      {plan && !plan.blocked ? (
        <p>
          {t('train.plan', {
            steps: format.count(plan.totalSteps),
            examples: format.count(plan.trainExamples),
            pairs: format.count(plan.evaluationPairs),
          })}
        </p>
      ) : null}
      <MemoryNeed />
      {hasData ? null : (
        <>
          <p>{t('train.noPlan')}</p>
          <Button
            onPress={() => {
              actions.show('data');
              void actions.loadSample(language);
            }}
          >
            {t('welcome.sample')}
          </Button>
        </>
      )}
    </div>
  );
}
