/** How every chart draws its axes and grid: hairlines, small grey figures, no boxes; and where its plot lies. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** What a pixel of the design is here: text, and all with it, grows on very wide screens. */
const readPixel = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

function axesAt(pixel: number) {
  const margin = { top: 8 * pixel, right: 12 * pixel, bottom: 0, left: 0 };
  const axis = {
    tick: { fill: 'var(--ink-3)', fontSize: 12 * pixel },
    tickLine: false,
    axisLine: { stroke: 'var(--line-strong)' },
    tickMargin: 6 * pixel,
  } as const;
  const height = 30 * pixel;
  const width = 56 * pixel;
  return {
    pixel,
    margin,
    axis,
    /** The axis of steps. Lines may run over its ends; they are cut there. */
    stepAxis: { ...axis, height, dataKey: 'step', type: 'number', allowDataOverflow: true } as const,
    valueAxis: { ...axis, axisLine: false, width, allowDataOverflow: true } as const,
    /** Pixels around the plot, for what is laid over it. */
    plotInset: { top: margin.top, right: margin.right, bottom: height, left: width },
  };
}

const axes = createStore(() => axesAt(readPixel()));

// A window may be moved to a larger screen.
addEventListener('resize', () => {
  const pixel = readPixel();
  if (pixel !== axes.getState().pixel) axes.setState(axesAt(pixel));
});

export const useAxes = () => useStore(axes);

export const grid = { stroke: 'var(--line)', vertical: false, syncWithTicks: true } as const;

/** Charts never animate: their data moves by itself. Their values are read by a cursor of the page's own. */
export const still = { isAnimationActive: false, dot: false, activeDot: false } as const;
