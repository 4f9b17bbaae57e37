/**
 * Draws one chart of every kind out of sight, once, while the data is looked at: what a browser does at a chart's first
 * drawing (compiling, measuring text) takes a fifth of a second on a slow machine, and would otherwise fall into the run.
 */
import { useEffect, useState } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  LineChart,
  ReferenceDot,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { grid, still, useAxes } from './axes.ts';

const data = Array.from({ length: 40 }, (_, x) => ({ x, y: Math.sin(x), range: [0, x] }));
const size = { width: 320, height: 160, data };

/** Milliseconds between its drawings. */
const beat = 80;
const drawings = 10;

export function WarmUp() {
  const [count, setCount] = useState(1);
  const { axis, valueAxis } = useAxes();
  useEffect(() => {
    if (count > drawings) return;
    const timer = setTimeout(() => setCount(count + 1), beat);
    return () => clearTimeout(timer);
  }, [count]);
  if (count > drawings) return null;
  const shared = (
    <>
      <CartesianGrid {...grid} />
      <XAxis {...axis} dataKey="x" type="number" minTickGap={32} />
      <YAxis {...valueAxis} />
      <Line {...still} dataKey="y" />
      <Tooltip isAnimationActive={false} />
    </>
  );
  return (
    <div className="warm-up" aria-hidden inert>
      {count % 2 === 1 ? (
        <ComposedChart {...size}>
          {shared}
          <Area {...still} dataKey="range" type="stepAfter" />
        </ComposedChart>
      ) : (
        <LineChart {...size}>
          {shared}
          <ReferenceLine y={0} />
          <ReferenceDot x={3} y={0} r={5} />
        </LineChart>
      )}
    </div>
  );
}
