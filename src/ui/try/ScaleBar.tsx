/** The colour scale of a heat map with its two ends. */
import { fixed } from '../format.ts';
import { colourOf, type Scale } from './HeatMap.tsx';
import { usePalette } from './palette.ts';

const stops = [0, 0.25, 0.5, 0.75, 1];

export function ScaleBar({ scale }: { scale: Scale }) {
  const palette = usePalette();
  const [low, high] = scale.kind === 'one' ? [scale.low, scale.high] : [-scale.most, scale.most];
  const colours = stops.map((stop) => colourOf(palette, scale, low + stop * (high - low)));
  return (
    <p className="scale-bar small number">
      <span>{fixed(low, 2)}</span>
      <span
        className="scale-ramp"
        aria-hidden
        style={{ background: `linear-gradient(to right, ${colours.join(', ')})` }}
      />
      <span>{fixed(high, 2)}</span>
    </p>
  );
}
