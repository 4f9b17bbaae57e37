/** The points of a map on a canvas, their pairs joined by thin lines; the nearest point answers the pointer. */
import { type PointerEvent, useCallback, useMemo } from 'react';
import type { EmbeddingMap } from '../../contract/trials.ts';
import { type Colouring, positionsAt, squareOf } from '../../store/try/map.ts';
import { drawMark } from './marks.ts';
import { diverge, type Palette, usePalette } from './palette.ts';
import { useCanvas } from './useCanvas.ts';

type Gold = number | string | null;

/** Of a score, 0 to 1, on the two colours of pairs; of a label its own; grey where nothing is known. */
function colourOf(palette: Palette, colouring: Colouring, gold: Gold): string {
  if (colouring.kind === 'none') return palette.accent;
  if (gold === null) return palette.quiet;
  if (typeof gold === 'number') return diverge(palette, palette.line, 2 * gold - 1);
  const number = colouring.kind === 'label' ? colouring.labels.indexOf(gold) : 0;
  return palette.labels[number % palette.labels.length]!;
}

function goldOf(colouring: Colouring, text: number): Gold {
  if (colouring.kind === 'none') return null;
  if (colouring.kind === 'score') return colouring.scores[text] ?? null;
  const number = colouring.numbers[text] ?? null;
  return number === null ? null : (colouring.labels[number] ?? null);
}

/** Pixels from a point at which the pointer still means it, and free space at the edge. */
const reach = 16;
const margin = 16;

type Props = {
  name: string;
  map: EmbeddingMap;
  at: number;
  colouring: Colouring;
  hovered: number | null;
  pinned: number | null;
  onHover: (text: number | null) => void;
  onPin: (text: number | null) => void;
};

export function MapCanvas({ name, map, at, colouring, hovered, pinned, onHover, onPin }: Props) {
  const palette = usePalette();
  const square = useMemo(() => squareOf(map.frames), [map]);
  const positions = useMemo(() => positionsAt(map.frames, at), [map, at]);
  const colours = useMemo(
    () => map.texts.map((_, text) => colourOf(palette, colouring, goldOf(colouring, text))),
    [map, palette, colouring],
  );
  const lines = useMemo(
    () => map.pairs.map(({ gold }) => colourOf(palette, colouring, gold)),
    [map, palette, colouring],
  );
  const place = useCallback(
    (text: number, width: number, height: number): [number, number] => {
      const scale = (Math.min(width, height) - 2 * margin) / (2 * square.half);
      return [
        width / 2 + (positions[2 * text]! - square.x) * scale,
        height / 2 - (positions[2 * text + 1]! - square.y) * scale,
      ];
    },
    [positions, square],
  );

  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const marked = [hovered, pinned].filter((text) => text !== null);
      const radius = map.texts.length > 600 ? 2.5 : 3.5;
      context.lineWidth = 1;
      for (const [pair, { first, second }] of map.pairs.entries()) {
        if (first === second) continue;
        const strong = marked.includes(first) || marked.includes(second);
        context.globalAlpha = strong ? 1 : 0.3;
        context.lineWidth = strong ? 2 : 1;
        context.strokeStyle = lines[pair]!;
        context.beginPath();
        context.moveTo(...place(first, width, height));
        context.lineTo(...place(second, width, height));
        context.stroke();
      }
      context.globalAlpha = 0.9;
      for (const [text, colour] of colours.entries()) {
        context.fillStyle = colour;
        const [x, y] = place(text, width, height);
        drawMark(context, colouring.kind === 'label' ? (colouring.numbers[text] ?? 0) : 0, x, y, radius);
      }
      context.globalAlpha = 1;
      for (const text of marked) {
        const [x, y] = place(text, width, height);
        context.lineWidth = 2;
        context.strokeStyle = palette.ink;
        context.fillStyle = colours[text]!;
        context.beginPath();
        context.arc(x, y, radius + 3, 0, 2 * Math.PI);
        context.fill();
        context.stroke();
      }
    },
    [map, colours, lines, colouring, hovered, pinned, place, palette],
  );
  const canvas = useCanvas(draw);

  const nearest = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLCanvasElement>): number | null => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    let found: number | null = null;
    let least = reach;
    for (let text = 0; text < map.texts.length; text++) {
      const [x, y] = place(text, width, height);
      const distance = Math.hypot(x - (clientX - left), y - (clientY - top));
      if (distance >= least) continue;
      least = distance;
      found = text;
    }
    return found;
  };
  return (
    <canvas
      ref={canvas}
      className="map-canvas"
      role="img"
      aria-label={name}
      onPointerMove={(event) => onHover(nearest(event))}
      onPointerLeave={() => onHover(null)}
      onPointerDown={(event) => onPin(nearest(event))}
    />
  );
}
