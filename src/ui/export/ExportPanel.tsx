/** The last step: the trained model as a folder that other tools load. */
import { useTranslation } from 'react-i18next';
import './export.css';
import { isActive } from '../../store/run.ts';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { useStudio } from '../session.ts';
import { ExportButton } from './ExportButton.tsx';
import { crossEncoderFiles, crossEncoderPython, encoderFiles, encoderPython } from './recipes.ts';

export function ExportPanel() {
  const { t } = useTranslation();
  const hasModel = useStudio((state) => state.model.summary !== null);
  const active = useStudio((state) => isActive(state.run));
  const trained = useStudio((state) => state.model.trainedBy !== null);
  // What a run has made of the model, and not what the next one would.
  const pairwise = useStudio(({ model: { trainedBy, summary } }) =>
    trainedBy ? trainedBy === 'cross-encoder' : (summary?.labels ?? null) !== null,
  );
  const files = pairwise ? crossEncoderFiles : encoderFiles;
  const remark = !hasModel
    ? t('export.noModel')
    : active
      ? t('export.running')
      : trained
        ? null
        : t('export.untrained');
  return (
    <div className="panel">
      <header className="panel-head">
        <h2>{t('export.title')}</h2>
        <p>{t(pairwise ? 'export.introPairs' : 'export.intro')}</p>
      </header>
      <ProblemNote place="export" />
      <div className="export-do">
        <ExportButton />
        {remark ? <p className="quiet">{remark}</p> : null}
      </div>
      <section className="card">
        <h3>{t('export.files.title')}</h3>
        <dl className="export-files">
          {files.map(([name, key]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{t(`export.files.${key}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="card">
        <h3>{t('export.use')}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <pre tabIndex={0}>
          <code>{pairwise ? crossEncoderPython : encoderPython}</code>
        </pre>
        <p className="quiet">{t('export.again')}</p>
      </section>
    </div>
  );
}
