/** Walks through the evaluations of a run, by hand or by itself. */
import { Pause, Play } from 'lucide-react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../store/evaluations.ts';
import { Button } from '../controls/Button.tsx';
import { useFormat } from '../language.ts';
import type { Walk } from './useWalk.ts';

export function EvaluationSlider({ evaluations, walk }: { evaluations: readonly Evaluation[]; walk: Walk }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { index, playing, follows, choose, play, stop } = walk;
  const last = evaluations.length - 1;
  const step = evaluations[index]?.step ?? 0;
  return (
    <div className="walk">
      <Button
        kind="plain"
        icon
        isDisabled={last < 1}
        aria-label={t(playing ? 'charts.pause' : 'charts.play')}
        onPress={playing ? stop : play}
      >
        {playing ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
      </Button>
      <Slider
        className="slider"
        aria-label={t('charts.slider')}
        minValue={0}
        maxValue={Math.max(1, last)}
        isDisabled={last < 1}
        value={index}
        onChange={(next) => choose(evaluations[next]?.step ?? null)}
      >
        <SliderTrack className="slider-track">
          <span className="slider-fill" style={{ width: `${(index / Math.max(1, last)) * 100}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <p className="walk-step small" data-testid="distribution-step">
        {t('charts.step', { step: format.count(step) })}
      </p>
      <button type="button" className="link small walk-follow" disabled={follows} onClick={() => choose(null)}>
        {t(follows ? 'charts.following' : 'charts.follow')}
      </button>
    </div>
  );
}
