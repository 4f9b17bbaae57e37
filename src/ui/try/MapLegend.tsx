/** What the colours and shapes of a map stand for. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Colouring } from '../../store/try/map.ts';
import { drawMark } from './marks.ts';
import { diverge, type Palette, usePalette } from './palette.ts';
import { useCanvas } from './useCanvas.ts';

export function MapLegend({ colouring }: { colouring: Colouring }) {
  const { t } = useTranslation();
  const palette = usePalette();
  if (colouring.kind === 'none') return <p className="small quiet">{t('try.pairLines')}</p>;
  if (colouring.kind === 'label') {
    return (
      <ul className="legend small">
        {colouring.labels.map((label, i) => (
          <li key={label}>
            <LabelMark number={i} palette={palette} />
            {label}
          </li>
        ))}
      </ul>
    );
  }
  const ramp = [-1, -0.5, 0, 0.5, 1].map((value) => diverge(palette, palette.line, value));
  return (
    <p className="scale-bar small">
      <span>{t('try.goldLow')}</span>
      <span
        className="scale-ramp"
        aria-hidden
        style={{ background: `linear-gradient(to right, ${ramp.join(', ')})` }}
      />
      <span>{t('try.goldHigh')}</span>
    </p>
  );
}

function LabelMark({ number, palette }: { number: number; palette: Palette }) {
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      context.fillStyle = palette.labels[number % palette.labels.length]!;
      drawMark(context, number, width / 2, height / 2, 4);
    },
    [number, palette],
  );
  return <canvas ref={useCanvas(draw)} className="legend-mark" aria-hidden />;
}
