/** Says that a run was cut off, by a reload or a crash, and offers to go on with it. */
import './runs.css';
import { useTranslation } from 'react-i18next';
import type { RunEntry } from '../../contract/runs.ts';
import { titleOf } from '../../store/runs/kept.ts';
import { Button } from '../controls/Button.tsx';
import { useFormat } from '../language.ts';
import { actions, useStudio } from '../session.ts';

export function Interrupted({ run }: { run: RunEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const restoring = useStudio(({ runs }) => runs.restoring !== null);
  const values = { name: titleOf(run), step: format.count(run.step), total: format.count(run.totalSteps) };
  return (
    <section className="interrupted" aria-label={t('runs.status.interrupted')} data-testid="interrupted">
      <p>{t('runs.interrupted', values)}</p>
      {restoring ? (
        <p className="quiet" role="status">
          {t('runs.restoring')}
        </p>
      ) : (
        <div className="interrupted-answers">
          <Button kind="primary" onPress={() => void actions.continueRun(run)}>
            {t('runs.continue', { step: format.count(run.checkpoint ?? 0) })}
          </Button>
          <Button kind="plain" onPress={() => actions.declineRun(run.id)}>
            {t('runs.notNow')}
          </Button>
          <Button kind="plain" onPress={() => void actions.removeRuns([run.id])}>
            {t('runs.delete')}
          </Button>
        </div>
      )}
    </section>
  );
}
