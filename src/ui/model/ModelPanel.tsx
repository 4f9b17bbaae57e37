/** The second step: which encoder to start from. */
import './model.css';
import { useTranslation } from 'react-i18next';
import { presets } from '../../contract/presets.ts';
import { isActive } from '../../store/run.ts';
import { FilePicker } from '../controls/FilePicker.tsx';
import { ProblemNote } from '../controls/ProblemNote.tsx';
import { actions, useStudio } from '../session.ts';
import { ModelFacts } from './ModelFacts.tsx';
import { PresetCard } from './PresetCard.tsx';

export function ModelPanel() {
  const { t } = useTranslation();
  const locked = useStudio((state) => isActive(state.run));
  const { phase, source, summary } = useStudio((state) => state.model);
  const busy = locked || phase === 'loading';
  return (
    <div className="panel">
      <header className="panel-head">
        <h2>{t('model.title')}</h2>
        <p>{t(locked ? 'data.locked' : 'model.intro')}</p>
      </header>
      <ProblemNote place="model" />
      <ul className="presets" aria-label={t('model.presets')}>
        {presets.map((preset) => (
          <PresetCard key={preset.name} preset={preset} locked={busy} />
        ))}
        <li className="card preset">
          <h3>{t('model.importTitle')}</h3>
          <p className="quiet">{t('model.importText')}</p>
          <div className="preset-foot">
            <FilePicker
              accept={['.zip']}
              disabled={busy}
              onFiles={([file]) => file && void actions.loadModel({ kind: 'file', file })}
            >
              {phase === 'loading' && source?.kind === 'file' ? t('model.loading') : t('model.importButton')}
            </FilePicker>
          </div>
        </li>
      </ul>
      {summary ? <ModelFacts summary={summary} /> : null}
    </div>
  );
}
