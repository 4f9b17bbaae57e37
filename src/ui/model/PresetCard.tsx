/** A model that the studio offers, with what one wants to know before loading it. */
import { Check, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { trainingMemory } from '../../contract/memory.ts';
import type { Preset } from '../../contract/presets.ts';
import { repositoryOf } from '../../store/sources.ts';
import { Button } from '../controls/Button.tsx';
import { Figure } from '../controls/Figure.tsx';
import { useFormat, useLanguage, useSay } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { ForgetButton } from './ForgetButton.tsx';

/** Bytes of training memory from which a card says what they ask of the machine. */
const muchMemory = 1.5e9;

export function PresetCard({ preset, locked }: { preset: Preset; locked: boolean }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormat();
  const language = useLanguage();
  const { phase, source } = useStudio((state) => state.model);
  const cached = useStudio((state) => state.cached.some(({ repository }) => repository === repositoryOf(preset)));
  const chosen = source?.kind === 'preset' && source.name === preset.name;
  const memory = trainingMemory(preset.parameters);
  return (
    <li className="card preset" data-chosen={chosen || undefined} data-testid={`preset-${preset.name}`}>
      <div className="card-head">
        <h3>{preset.name}</h3>
        {chosen && phase === 'ready' ? (
          <span className="chosen spread">
            <Check size={14} aria-hidden />
            {t('model.loaded')}
          </span>
        ) : cached ? (
          <span className="tag spread">{t('model.cached')}</span>
        ) : null}
      </div>
      <p className="quiet">{say(preset.summary)}</p>
      <dl className="figures">
        <Figure name={t('model.parameters')}>{format.compact(preset.parameters)}</Figure>
        <Figure name={t('model.size')}>{format.bytes(preset.downloadBytes)}</Figure>
        <Figure name={t('model.memory')}>{format.bytes(memory)}</Figure>
        <Figure name={t('model.languages')}>
          {preset.languages.map((code) => format.language(code)).join(language === 'zh' ? '、' : ', ')}
        </Figure>
        <Figure name={t('model.licence')}>{preset.licence}</Figure>
      </dl>
      {memory >= muchMemory ? (
        <p className="preset-warning small">
          <TriangleAlert size={14} aria-hidden />
          {t('model.muchMemory', { memory: format.bytes(memory) })}
        </p>
      ) : null}
      <div className="preset-foot">
        <Button isDisabled={locked} onPress={() => void actions.loadModel({ kind: 'preset', name: preset.name })}>
          {chosen ? t(phase === 'loading' ? 'model.loading' : 'model.again') : t('model.use')}
          <span className="unseen">{preset.name}</span>
        </Button>
        {cached ? <ForgetButton repository={repositoryOf(preset) ?? ''} locked={locked} /> : null}
      </div>
    </li>
  );
}
