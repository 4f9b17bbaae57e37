/** A model that the studio offers, with what one wants to know before loading it. */
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Preset } from '../../contract/presets.ts';
import { Button } from '../controls/Button.tsx';
import { Figure } from '../controls/Figure.tsx';
import { useFormat, useLanguage, useSay } from '../language.ts';
import { actions, useStudio } from '../session.ts';

export function PresetCard({ preset, locked }: { preset: Preset; locked: boolean }) {
  const { t } = useTranslation();
  const say = useSay();
  const format = useFormat();
  const language = useLanguage();
  const { phase, source } = useStudio((state) => state.model);
  const chosen = source?.kind === 'preset' && source.name === preset.name;
  const names = new Intl.DisplayNames(language === 'zh' ? 'zh-CN' : 'en', { type: 'language' });
  return (
    <li className="card preset" data-chosen={chosen || undefined}>
      <div className="card-head">
        <h3>{preset.name}</h3>
        {chosen && phase === 'ready' ? (
          <span className="chosen spread">
            <Check size={14} aria-hidden />
            {t('model.loaded')}
          </span>
        ) : null}
      </div>
      <p className="quiet">{say(preset.summary)}</p>
      <dl className="figures">
        <Figure name={t('model.parameters')}>{format.compact(preset.parameters)}</Figure>
        <Figure name={t('model.size')}>{format.bytes(preset.downloadBytes)}</Figure>
        <Figure name={t('model.languages')}>
          {preset.languages.map((code) => names.of(code) ?? code).join(language === 'zh' ? '、' : ', ')}
        </Figure>
        <Figure name={t('model.licence')}>{preset.licence}</Figure>
      </dl>
      <div className="preset-foot">
        <Button
          kind={chosen ? 'secondary' : 'primary'}
          isDisabled={locked}
          onPress={() => void actions.loadModel({ kind: 'preset', name: preset.name })}
        >
          {chosen ? t(phase === 'loading' ? 'model.loading' : 'model.again') : t('model.use')}
        </Button>
      </div>
    </li>
  );
}
