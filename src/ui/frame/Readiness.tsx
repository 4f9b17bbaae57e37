/** The Train button, and beside it what still stands in its way. */
import { Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { sayProblem } from '../../contract/problems.ts';
import { obstacle } from '../../store/readiness.ts';
import { Button } from '../controls/Button.tsx';
import { useLanguage } from '../language.ts';
import { actions, useStudio } from '../session.ts';

export function Readiness({ again }: { again: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [sentence, step] = useStudio(
    useShallow((state) => {
      const found = obstacle(state);
      if (!found) return [null, null] as const;
      if (found.kind === 'wait') return [t(`runbar.wait.${found.what}`), null] as const;
      if (found.kind === 'options') return [t('runbar.options', { count: found.count }), found.step] as const;
      return [sayProblem(found.problem, language), found.step] as const;
    }),
  );
  const view = useStudio((state) => state.view);
  return (
    <>
      {sentence ? (
        <p className="runbar-reason" id="train-reason" data-testid="train-reason">
          {sentence}{' '}
          {step && step !== view ? (
            <button type="button" className="link" onClick={() => actions.show(step)}>
              {t('runbar.show')}
            </button>
          ) : null}
        </p>
      ) : null}
      <Button
        kind="primary"
        size="large"
        isDisabled={sentence !== null}
        aria-describedby={sentence ? 'train-reason' : undefined}
        onPress={actions.startRun}
      >
        <Play size={14} aria-hidden />
        {t(again ? 'runbar.again' : 'runbar.train')}
      </Button>
    </>
  );
}
