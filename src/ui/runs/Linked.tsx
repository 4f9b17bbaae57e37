/** Says that the options came from a link, what of it is wrong, and offers the model that it names. */
import './runs.css';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sayProblem } from '../../contract/problems.ts';
import type { Link } from '../../store/link.ts';
import { nameOf } from '../../store/sources.ts';
import { Button } from '../controls/Button.tsx';
import { useLanguage } from '../language.ts';
import { actions, useStudio } from '../session.ts';

export function Linked({ link }: { link: Link }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const asks = useStudio(({ model }) => link.model && nameOf(link.model) !== (model.source && nameOf(model.source)));
  return (
    <section className="interrupted" aria-label={t('runs.link.title')} data-testid="linked">
      <div>
        <p>{t('runs.link.title')}</p>
        {link.problems.map((wrong) => (
          <p key={sayProblem(wrong, language)} className="quiet">
            {sayProblem(wrong, language)}
          </p>
        ))}
      </div>
      <div className="interrupted-answers">
        {asks && link.model ? (
          <Button onPress={() => void actions.loadLinkedModel()}>
            {t('runs.link.load', { name: nameOf(link.model) })}
          </Button>
        ) : null}
        <Button kind="plain" icon aria-label={t('dismiss')} onPress={actions.closeLink}>
          <X size={14} aria-hidden />
        </Button>
      </div>
    </section>
  );
}
