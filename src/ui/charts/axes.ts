/** How every chart draws its axes and grid: hairlines, small grey figures, no boxes. */

export const margin = { top: 8, right: 12, bottom: 0, left: 0 };

export const axis = {
  tick: { fill: 'var(--ink-3)', fontSize: 12 },
  tickLine: false,
  axisLine: { stroke: 'var(--line-strong)' },
  tickMargin: 6,
} as const;

export const valueAxis = { ...axis, axisLine: false, width: 48 } as const;

export const grid = { stroke: 'var(--line)', vertical: false, syncWithTicks: true } as const;

/** Charts never animate: their data moves by itself. */
export const still = { isAnimationActive: false, dot: false, activeDot: { r: 3 } } as const;
