/** The button that asks the model, how far the answer is, and the button that ends it. */
import type { ReactNode } from 'react';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { useTranslation } from 'react-i18next';
import { type TryTab, tryObstacle } from '../../store/try/state.ts';
import { Button } from '../controls/Button.tsx';
import { useFormat } from '../language.ts';
import { actions, useStudio } from '../session.ts';

type Props = {
  tab: TryTab;
  /** What the button says. */
  label: string;
  /** What is still missing; null where the model can be asked. */
  missing: string | null;
  /** Without it the button submits the form it stands in. */
  onAsk?: () => void;
  children?: ReactNode;
};

export function AskBar({ tab, label, missing, onAsk, children }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const obstacle = useStudio(tryObstacle);
  const { busy, progress } = useStudio((state) => state.trial);
  const mine = busy === tab;
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  return (
    <div className="ask">
      <Button
        kind="primary"
        type={onAsk ? 'button' : 'submit'}
        isDisabled={obstacle !== null || busy !== null || missing !== null}
        onPress={onAsk}
      >
        {t(mine ? 'try.asking' : 'try.askLabel', { label })}
      </Button>
      {mine ? <Button onPress={actions.cancelTrial}>{t('cancel')}</Button> : children}
      {mine && progress && progress.total > 1 ? (
        <>
          <ProgressBar className="ask-bar" aria-label={t('try.progress')} value={share * 100}>
            <span style={{ scale: `${share} 1` }} />
          </ProgressBar>
          <span className="quiet small number" data-testid="try-progress">
            {t('try.progressOf', { done: format.count(progress.done), total: format.count(progress.total) })}
          </span>
        </>
      ) : null}
      {missing && !mine ? <p className="quiet">{missing}</p> : null}
    </div>
  );
}

/** That an answer is of weights, or of a question, that have changed since. */
export function Stale({ of }: { of: boolean }) {
  const { t } = useTranslation();
  return of ? (
    <p className="quiet small" role="status">
      {t('try.stale')}
    </p>
  ) : null;
}
