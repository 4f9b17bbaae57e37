/** The empty page: what this is, where to drop a file, the sample, and what a file may look like. */
import { FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../controls/Button.tsx';
import { dataFiles, FilePicker } from '../controls/FilePicker.tsx';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { useLanguage } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { BringBack } from './BringBack.tsx';
import { PasteText } from './PasteText.tsx';
import { Shapes } from './Shapes.tsx';

export function Welcome() {
  const { t } = useTranslation();
  const language = useLanguage();
  const reading = useStudio((state) => state.slots.train.reading);
  return (
    <div className="welcome">
      <header>
        <h2>{t('welcome.title')}</h2>
        <p>{t('welcome.promise')}</p>
      </header>
      <ProblemNote place="train" />
      <ProblemNote place="evaluation" />
      <div className="welcome-ways">
        <div className="drop-zone">
          <FileText size={24} strokeWidth={1.5} aria-hidden />
          <p>{t('welcome.drop')}</p>
          <p className="quiet small">{t('welcome.formats')}</p>
          <div className="drop-zone-buttons">
            <FilePicker accept={[...dataFiles, '.zip']} multiple disabled={reading} onFiles={actions.takeFiles}>
              {t('welcome.choose')}
            </FilePicker>
            <PasteText />
            <BringBack slot="train" />
          </div>
        </div>
        <div className="welcome-sample">
          <Button kind="primary" size="large" isDisabled={reading} onPress={() => actions.loadSample(language)}>
            {t(reading ? 'welcome.reading' : 'welcome.sample')}
          </Button>
          <p className="quiet small">{t('welcome.sampleHelp')}</p>
        </div>
      </div>
      <Shapes />
    </div>
  );
}
