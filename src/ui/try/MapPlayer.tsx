/** Play, pause, and a slider over the evaluations of the map. */
import { Pause, Play } from 'lucide-react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { useTranslation } from 'react-i18next';
import type { EmbeddingMap } from '../../contract/trials.ts';
import { Button } from '../controls/Button.tsx';
import { useFormat } from '../language.ts';
import type { Player } from './usePlayer.ts';

export function MapPlayer({ frames, at, playing, show, toggle }: Player & Pick<EmbeddingMap, 'frames'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const last = frames.length - 1;
  const { step } = frames[Math.round(at)]!;
  const name = step === 0 ? t('try.before') : t('try.atStep', { step: format.count(step) });
  if (last < 1) return <p className="small quiet">{name}</p>;
  return (
    <div className="player">
      <Button icon aria-label={t(playing ? 'try.pausePlaying' : 'try.play')} onPress={toggle}>
        {playing ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
      </Button>
      <Slider
        className="slider"
        aria-label={t('try.evaluationShown')}
        minValue={0}
        maxValue={last}
        value={Math.round(at)}
        onChange={show}
      >
        <SliderTrack className="slider-track">
          <span className="slider-fill" style={{ width: `${(100 * at) / last}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <span className="player-step small number" data-testid="map-step">
        {name}
      </span>
    </div>
  );
}
