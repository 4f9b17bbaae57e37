/** Step, epoch and time of the run, in figures that never change width. */
import { useTranslation } from 'react-i18next';
import { elapsed, remaining } from '../../store/clock.ts';
import { isActive, type RunState } from '../../store/run.ts';
import { clockTime, fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { useNow } from './useNow.ts';

export function RunFigures({ run }: { run: RunState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const active = isActive(run);
  const now = useNow(active);
  const left = active ? remaining(run.clock, run.totalSteps, run.config?.evaluateEvery ?? run.totalSteps, now) : null;
  const total = run.totalSteps > 0 ? format.count(run.totalSteps) : '–';
  // Epochs may differ by a batch, so their share of all steps is what is certain.
  const epochs = run.totalSteps > 0 && run.config ? (run.step / run.totalSteps) * run.config.epochs : 0;
  return (
    <dl className="runbar-figures">
      <div>
        <dt>{t('runbar.step')}</dt>
        <dd data-testid="step-count" style={{ minWidth: `${2 * total.length + 3}ch` }}>
          {format.count(run.step)} / {total}
        </dd>
      </div>
      <div className="runbar-epoch">
        <dt>{t('runbar.epoch')}</dt>
        <dd>
          {fixed(epochs, 1)} / {run.config?.epochs ?? '–'}
        </dd>
      </div>
      <div>
        <dt>{t('runbar.elapsed')}</dt>
        <dd data-testid="elapsed">{clockTime(elapsed(run.clock, now))}</dd>
      </div>
      {active && run.savedStep !== null ? (
        <div className="runbar-saved">
          <dt>{t('runs.checkpoint')}</dt>
          <dd data-testid="saved-step">{format.count(run.savedStep)}</dd>
        </div>
      ) : null}
      {active ? (
        <div>
          <dt>{t('runbar.left')}</dt>
          <dd data-testid="eta">{left === null ? '–' : clockTime(left)}</dd>
        </div>
      ) : null}
    </dl>
  );
}
