/** How fast the run goes and what it holds, in figures. */
import { useTranslation } from 'react-i18next';
import { Figure } from '../controls/Figure.tsx';
import { fixed } from '../format.ts';
import { useFormat } from '../language.ts';
import { useStudio } from '../session.ts';
import { useSampled } from './useSampled.ts';

export function Speed() {
  const { t } = useTranslation();
  const format = useFormat();
  const latest = useSampled((state) => state.run.latest, 730);
  const backend = useStudio((state) => state.engine.info);
  const device = backend ? backend.adapter || t(`backend.${backend.name}`) : '–';
  const count = (value: number | undefined) => (value === undefined ? '–' : format.count(value));
  const [seconds, bytes] = [latest?.['speed/step_seconds'], latest?.['memory/bytes']];
  return (
    <section className="card speed" aria-label={t('speed.title')}>
      <h3>{t('speed.title')}</h3>
      <dl>
        <Figure name={t('speed.sentences')} unit={t('speed.perSecond')} testid="sentences-per-second">
          {count(latest?.['speed/sentences_per_second'])}
        </Figure>
        <Figure name={t('speed.tokens')} unit={t('speed.perSecond')}>
          {count(latest?.['speed/tokens_per_second'])}
        </Figure>
        <Figure name={t('speed.step')} unit={t('speed.milliseconds')}>
          {seconds === undefined ? '–' : fixed(seconds * 1000, seconds < 0.1 ? 1 : 0)}
        </Figure>
        <Figure name={t('speed.gradient')}>{fixed(latest?.['train/grad_norm'], 3)}</Figure>
        {latest?.['train/loss_scale'] === undefined ? null : (
          <Figure name={t('speed.lossScale')}>{count(latest['train/loss_scale'])}</Figure>
        )}
        <Figure name={t('speed.memory')}>{bytes === undefined ? '–' : format.bytes(bytes)}</Figure>
        <Figure name={t('speed.device')}>{device}</Figure>
      </dl>
    </section>
  );
}
