/** The last step: the trained model as a folder that other tools load. */
import { useTranslation } from 'react-i18next';
import './export.css';
import { isActive } from '../../store/run.ts';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { useStudio } from '../session.ts';
import { ExportButton } from './ExportButton.tsx';

const files = [
  ['model.safetensors', 'weights'],
  ['config.json', 'config'],
  ['tokenizer.json, vocab.txt', 'tokenizer'],
  ['modules.json, 1_Pooling/config.json', 'modules'],
  ['README.md', 'card'],
] as const;

const python = `from sentence_transformers import SentenceTransformer

model = SentenceTransformer("path/to/the/unpacked/folder")
embeddings = model.encode(["…"])`;

export function ExportPanel() {
  const { t } = useTranslation();
  const hasModel = useStudio((state) => state.model.summary !== null);
  const active = useStudio((state) => isActive(state.run));
  const trained = useStudio((state) => state.run.step > 0);
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
        <p>{t('export.intro')}</p>
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
        <pre>
          <code>{python}</code>
        </pre>
        <p className="quiet">{t('export.again')}</p>
      </section>
    </div>
  );
}
