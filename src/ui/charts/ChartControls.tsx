/** One row above the charts: which steps they show, how much they smooth, and their axis; for all of them at once. */
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { Switch } from 'react-aria-components/Switch';
import { useTranslation } from 'react-i18next';
import { shownRuns, spanOf } from '../../store/overlays.ts';
import { narrowest } from '../../store/range.ts';
import { Button } from '../controls/Button.tsx';
import { useFormat } from '../language.ts';
import { actions, useStudio } from '../session.ts';
import { useSampled } from './useSampled.ts';
import { look, mostSmoothing, useLook } from './view.ts';
import { zoomBy, zoomOut, zoomTo } from './zoom.ts';

/** `lines`: whether there are curves of steps below, which can be smoothed. */
export function ChartControls({ lines }: { lines: boolean }) {
  const { t } = useTranslation();
  const others = useStudio((state) => state.overlays.filter(({ id }) => id !== state.run.id).length);
  return (
    <section className="chart-controls small" aria-label={t('charts.controls')}>
      <StepRange />
      {lines ? <Smoothing /> : null}
      {lines ? <LogAxis /> : null}
      {others > 0 ? (
        <p className="chart-others">
          {t('charts.others', { count: others })}{' '}
          <button type="button" className="link small" onClick={actions.clearOverlays}>
            {t('charts.clear')}
          </button>
        </p>
      ) : null}
    </section>
  );
}

function StepRange() {
  const { t } = useTranslation();
  const format = useFormat();
  const span = useSampled((state) => spanOf(shownRuns(state.run, state.overlays)), 510);
  const range = useLook((state) => state.range);
  const [from, to] = range ?? [0, span];
  return (
    <div className="chart-range">
      <Slider
        className="slider"
        aria-label={t('charts.range')}
        minValue={0}
        maxValue={span}
        step={Math.max(1, Math.round(span / 1000))}
        isDisabled={span <= narrowest}
        value={[from, to]}
        onChange={([left = 0, right = span]) => zoomTo([left, right])}
      >
        <SliderTrack className="slider-track">
          <span
            className="slider-fill"
            style={{ left: `${(100 * from) / span}%`, width: `${(100 * (to - from)) / span}%` }}
          />
          <SliderThumb index={0} className="slider-thumb" aria-label={t('charts.rangeFrom')} />
          <SliderThumb index={1} className="slider-thumb" aria-label={t('charts.rangeTo')} />
        </SliderTrack>
      </Slider>
      <p className="chart-steps" data-testid="chart-steps">
        {t('charts.steps', { from: format.count(from), to: format.count(to) })}
      </p>
      <div className="chart-zoom">
        <Button kind="plain" icon aria-label={t('charts.zoomIn')} onPress={() => zoomBy(0.5)}>
          <ZoomIn size={16} aria-hidden />
        </Button>
        <Button kind="plain" icon aria-label={t('charts.zoomOut')} isDisabled={!range} onPress={() => zoomBy(2)}>
          <ZoomOut size={16} aria-hidden />
        </Button>
        <Button kind="plain" icon aria-label={t('charts.zoomReset')} isDisabled={!range} onPress={zoomOut}>
          <Maximize size={16} aria-hidden />
        </Button>
      </div>
    </div>
  );
}

function Smoothing() {
  const { t } = useTranslation();
  const smoothing = useLook((state) => state.smoothing);
  return (
    <div className="chart-smoothing">
      <span aria-hidden>{t('charts.smoothing')}</span>
      <Slider
        className="slider"
        aria-label={t('charts.smoothing')}
        minValue={0}
        maxValue={mostSmoothing}
        step={0.01}
        value={smoothing}
        onChange={(next) => look.setState({ smoothing: next })}
      >
        <SliderTrack className="slider-track">
          <span className="slider-fill" style={{ width: `${(100 * smoothing) / mostSmoothing}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <output className="number">{smoothing.toFixed(2)}</output>
    </div>
  );
}

function LogAxis() {
  const { t } = useTranslation();
  const log = useLook((state) => state.log);
  return (
    <Switch className="switch" isSelected={log} onChange={(next) => look.setState({ log: next })}>
      <span className="switch-track" />
      {t('charts.log')}
    </Switch>
  );
}
