/** How every chart draws its axes and grid: hairlines, small grey figures, no boxes; and where its plot lies. */

/** What a pixel of the design is here; read once, when the charts are first drawn. */
const pixel = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

export const margin = { top: 8 * pixel, right: 12 * pixel, bottom: 0, left: 0 };

export const axis = {
  tick: { fill: 'var(--ink-3)', fontSize: 12 * pixel },
  tickLine: false,
  axisLine: { stroke: 'var(--line-strong)' },
  tickMargin: 6 * pixel,
} as const;

const axisHeight = 30 * pixel;

/** The axis of steps. Lines may run over its ends; they are cut there. */
export const stepAxis = {
  ...axis,
  height: axisHeight,
  dataKey: 'step',
  type: 'number',
  allowDataOverflow: true,
} as const;

export const valueAxis = { ...axis, axisLine: false, width: 56 * pixel, allowDataOverflow: true } as const;

/** Pixels around the plot, for what is laid over it. */
export const plotInset = { top: margin.top, right: margin.right, bottom: axisHeight, left: valueAxis.width };

export const grid = { stroke: 'var(--line)', vertical: false, syncWithTicks: true } as const;

/** Charts never animate: their data moves by itself. Their values are read by a cursor of the page's own. */
export const still = { isAnimationActive: false, dot: false, activeDot: false } as const;
