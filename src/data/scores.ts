/** Cells -> similarity: reads scores and labels, and finds the range that a column of scores was given in. */
import type { ScoreRange } from '../contract/data.ts';

const decimal = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/** The number in a cell, with a decimal point or a decimal comma; null if it is none. */
export function parseScore(cell: string): number | null {
  const text = cell.trim();
  if (!decimal.test(text)) return null;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

const labels = new Map<string, number>([
  ...['1', '1.0', 'entailment', 'true', 'yes', '蕴含', '蕴涵', '是', '真'].map((word) => [word, 1] as const),
  ...['neutral', '中立', '中性'].map((word) => [word, 0.5] as const),
  ...['0', '0.0', 'contradiction', 'false', 'no', '矛盾', '否', '假'].map((word) => [word, 0] as const),
]);

/** The similarity 0…1 that a label stands for; null if it is none. Case does not matter. */
export function parseLabel(cell: string): number | null {
  return labels.get(cell.trim().toLowerCase()) ?? null;
}

/** Scales that people rate on, narrowest first. A scale that starts at 1 must be seen at 1; short 0-based ones are rare. */
const scales: readonly (ScoreRange & { rare?: true })[] = [
  { low: 0, high: 1 },
  { low: -1, high: 1 },
  { low: 0, high: 2, rare: true },
  { low: 0, high: 3, rare: true },
  { low: 0, high: 4, rare: true },
  { low: 1, high: 5 },
  { low: 0, high: 5 },
  { low: 1, high: 7 },
  { low: 1, high: 10 },
  { low: 0, high: 10 },
  { low: 0, high: 100 },
];

/** Rows from which a rare scale (0–2, 0–3, 0–4) is believed. */
const enoughForRare = 50;

/**
 * The narrowest usual scale that holds the scores. Outliers do not widen it: up to 2 % of the scores, or 1 in 20 or more,
 * may lie outside. Where no usual scale fits: from 0, or the lowest score if negative, to the highest.
 * @returns null without scores.
 */
export function detectScoreRange(scores: readonly number[]): ScoreRange | null {
  if (!scores.length) return null;
  const allowed = Math.max(Math.floor(scores.length * 0.02), scores.length >= 20 ? 1 : 0);
  const scale = scales.find(({ low, high, rare }) => {
    let outside = 0;
    let atLow = false;
    let atHigh = false;
    let whole = true;
    for (const score of scores) {
      // Slightly negative scores are cosines from a model, not slips on a scale from 0 to 1.
      if (low === 0 && high === 1 && score > -1 && score < 0) return false;
      if (score < low || score > high) {
        outside++;
        continue;
      }
      if (score === low) atLow = true;
      if (score === high) atHigh = true;
      if (!Number.isInteger(score)) whole = false;
    }
    if (outside > allowed) return false;
    if (rare) return whole && atHigh && scores.length >= enoughForRare;
    return low === 1 ? atLow && outside === 0 : true;
  });
  if (scale) return { low: scale.low, high: scale.high };
  let low = 0;
  let high = 0;
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  return { low, high };
}
