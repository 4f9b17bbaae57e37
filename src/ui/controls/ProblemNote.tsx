/** A problem in words, beside what caused it, with a button that takes it away. */
import { CircleAlert, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sayProblem } from '../../contract/problems.ts';
import type { Place } from '../../store/state.ts';
import { useLanguage } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { Button } from './Button.tsx';

export function ProblemNote({ place }: { place: Place }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const problem = useStudio((state) => state.errors[place]);
  if (!problem) return null;
  return (
    <div className="note" role="alert">
      <CircleAlert size={16} aria-hidden />
      <p>{sayProblem(problem, language)}</p>
      <Button kind="plain" icon aria-label={t('dismiss')} onPress={() => actions.dismiss(place)}>
        <X size={14} aria-hidden />
      </Button>
    </div>
  );
}
