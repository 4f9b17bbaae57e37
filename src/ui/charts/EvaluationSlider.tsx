/** Walks through the evaluations of a run. */
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../store/evaluations.ts';

type Props = {
  evaluations: readonly Evaluation[];
  index: number;
  follows: boolean;
  /** The chosen step; null follows the latest. */
  onChoose: (step: number | null) => void;
};

export function EvaluationSlider({ evaluations, index, follows, onChoose }: Props) {
  const { t } = useTranslation();
  const last = evaluations.length - 1;
  const step = evaluations[index]?.step ?? 0;
  return (
    <div className="walk">
      <Slider
        className="slider"
        aria-label={t('charts.slider')}
        minValue={0}
        maxValue={Math.max(1, last)}
        isDisabled={last < 1}
        value={index}
        onChange={(next) => onChoose(evaluations[next]?.step ?? null)}
      >
        <SliderTrack className="slider-track">
          <span className="slider-fill" style={{ width: `${(index / Math.max(1, last)) * 100}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <p className="walk-step small" data-testid="distribution-step">
        {t('charts.step', { step })}
      </p>
      <button type="button" className="link small walk-follow" disabled={follows} onClick={() => onChoose(null)}>
        {t(follows ? 'charts.following' : 'charts.follow')}
      </button>
    </div>
  );
}
