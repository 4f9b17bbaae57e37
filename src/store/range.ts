/** A part of the step axis, and how it is zoomed and moved within the whole. */

/** Both ends included. */
export type Range = readonly [from: number, to: number];

/** No range is narrower. */
export const narrowest = 4;

/** The range, ends in order, moved and cut to whole steps within `whole`; null where it is the whole. */
export function fitRange([left, right]: Range, whole: Range): Range | null {
  const [least, most] = whole;
  const width = Math.min(most - least, Math.max(narrowest, Math.round(Math.abs(right - left))));
  const from = Math.max(least, Math.min(most - width, Math.round(Math.min(left, right))));
  return width >= most - least ? null : [from, from + width];
}

/** `factor` below 1 zooms in. The step `around` keeps its place. */
export function zoomRange([from, to]: Range, factor: number, around: number, whole: Range): Range | null {
  return fitRange([around - (around - from) * factor, around + (to - around) * factor], whole);
}

/** The range moved by `share` of its own width. */
export function moveRange([from, to]: Range, share: number, whole: Range): Range | null {
  const by = (to - from) * share;
  return fitRange([from + by, to + by], whole);
}
