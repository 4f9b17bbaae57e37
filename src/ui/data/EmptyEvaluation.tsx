/** The evaluation slot while it is empty: what happens without it, and how to fill it. */
import { useTranslation } from 'react-i18next';
import { readNumber } from '../../store/options.ts';
import { dataFiles, FilePicker } from '../controls/FilePicker.tsx';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { useFormat } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { BringBack } from './BringBack.tsx';

export function EmptyEvaluation({ locked }: { locked: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = useStudio((state) => readNumber(state.drafts.heldOutShare));
  return (
    <section className="card slot-empty" aria-label={t('data.evaluation')}>
      <div className="card-head">
        <h3>{t('data.evaluation')}</h3>
        <span className="slot-buttons spread">
          <BringBack slot="evaluation" />
          <FilePicker
            accept={dataFiles}
            disabled={locked}
            onFiles={([file]) => file && void actions.readData('evaluation', file)}
          >
            {t('data.addEvaluation')}
          </FilePicker>
        </span>
      </div>
      <p className="quiet">{t('data.evaluationEmpty', { share: Number.isNaN(share) ? '–' : format.share(share) })}</p>
      <ProblemNote place="evaluation" />
    </section>
  );
}
