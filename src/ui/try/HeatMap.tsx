/** One square of a similarity matrix: rows are first texts, columns second ones, pairs lie on the diagonal. */
import { type PointerEvent, useCallback } from 'react';
import { diverge, mix, type Palette, usePalette } from './palette.ts';
import { useCanvas } from './useCanvas.ts';

/** Values from `low` to `high` in one hue, or from −`most` to `most` in two. */
export type Scale = { kind: 'one'; low: number; high: number } | { kind: 'two'; most: number };

export type Cell = { row: number; column: number };

export function colourOf(palette: Palette, scale: Scale, value: number): string {
  if (scale.kind === 'two') return diverge(palette, palette.surface, value / scale.most);
  return mix(palette.surface, palette.accent, (value - scale.low) / (scale.high - scale.low));
}

type Props = {
  name: string;
  n: number;
  values: Float32Array;
  scale: Scale;
  cell: Cell | null;
  onPoint: (cell: Cell | null) => void;
};

export function HeatMap({ name, n, values, scale, cell, onPoint }: Props) {
  const palette = usePalette();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number) => {
      const side = width / n;
      for (let i = 0; i < n * n; i++) {
        context.fillStyle = colourOf(palette, scale, values[i]!);
        const [x, y] = [(i % n) * side, Math.floor(i / n) * side];
        context.fillRect(Math.floor(x), Math.floor(y), Math.ceil(side), Math.ceil(side));
      }
      if (!cell) return;
      context.lineWidth = 2;
      context.strokeStyle = palette.surface;
      context.strokeRect(cell.column * side - 1, cell.row * side - 1, side + 2, side + 2);
      context.strokeStyle = palette.ink;
      context.strokeRect(cell.column * side, cell.row * side, side, side);
    },
    [palette, n, values, scale, cell],
  );
  const canvas = useCanvas(draw);
  const point = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLCanvasElement>) => {
    const { left, top, width } = currentTarget.getBoundingClientRect();
    const [column, row] = [clientX - left, clientY - top].map((at) => Math.floor((at / width) * n));
    const inside = row! >= 0 && column! >= 0 && row! < n && column! < n;
    onPoint(inside ? { row: row!, column: column! } : null);
  };
  return (
    <canvas
      ref={canvas}
      className="heat-square"
      role="img"
      aria-label={name}
      onPointerMove={point}
      onPointerDown={point}
    />
  );
}
