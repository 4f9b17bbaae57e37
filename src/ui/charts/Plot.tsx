/**
 * What lies over the plot of a chart of steps: the cursor that all charts share, the values there, and the part that is
 * being marked for zooming. A slider to the keyboard: arrows move the cursor, + and − zoom, 0 shows all again.
 */
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Range } from '../../store/range.ts';
import { useAxes } from './axes.ts';
import { Reading, type ReadingRow } from './Reading.tsx';
import { useGestures } from './useGestures.ts';
import { cursor, useCursor } from './view.ts';
import { shown, zoomBy, zoomOut } from './zoom.ts';

export type StepReading = { title: string; rows: ReadingRow[] };

type Props = {
  title: string;
  /** What is drawn. */
  range: Range;
  /** What there is at a step; null for nothing. */
  read: (step: number) => StepReading | null;
};

/** Keys that move the cursor, by how many strides; a stride is a two-hundredth of what is shown. */
const strides: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -20,
  PageUp: 20,
};

export function Plot({ title, range, read }: Props) {
  const { t } = useTranslation();
  const { plotInset } = useAxes();
  const plot = useRef<HTMLDivElement>(null);
  const marked = useGestures(plot, range);
  const step = useCursor();
  const [from, to] = range;
  const share = (place: number) => (place - from) / (to - from);
  const at = step !== null && step >= from && step <= to ? step : null;
  const reading = at === null ? null : read(at);

  const answer = (event: KeyboardEvent) => {
    const [first, last] = shown();
    const setCursor = (next: number) => cursor.setState({ step: Math.min(last, Math.max(first, next)) });
    const asked = cursor.getState().step;
    const here = asked !== null && asked >= first && asked <= last ? asked : last;
    const stride = Math.max(1, Math.round((last - first) / 200)) * (event.shiftKey ? 10 : 1);
    const jumps: Record<string, () => void> = {
      Home: () => setCursor(first),
      End: () => setCursor(last),
      '+': () => zoomBy(0.5, here),
      '=': () => zoomBy(0.5, here),
      '-': () => zoomBy(2, here),
      '0': zoomOut,
      Escape: () => cursor.setState({ step: null }),
    };
    const move = strides[event.key];
    const act = move === undefined ? jumps[event.key] : () => setCursor(here + move * stride);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  return (
    <div
      ref={plot}
      className="plot"
      style={plotInset}
      role="slider"
      tabIndex={0}
      aria-label={t('charts.cursor', { title })}
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={at ?? to}
      aria-valuetext={speak(reading ?? read(to))}
      onKeyDown={answer}
      onBlur={() => cursor.setState({ step: null })}
    >
      {at === null ? null : (
        <div className="cursor" style={{ left: `${100 * share(at)}%` }} data-side={share(at) > 0.5 ? 'left' : 'right'}>
          {reading ? <Reading {...reading} /> : null}
        </div>
      )}
      {marked ? (
        <div
          className="marked"
          style={{ left: `${100 * share(marked[0])}%`, width: `${100 * (share(marked[1]) - share(marked[0]))}%` }}
        />
      ) : null}
    </div>
  );
}

function speak(reading: StepReading | null): string | undefined {
  return reading ? [reading.title, ...reading.rows.map(({ name, value }) => `${name} ${value}`)].join(', ') : undefined;
}
