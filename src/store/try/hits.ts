/** A ranking as people read it: places before training and now, and what has risen and fallen. */
import type { Ranked } from './state.ts';

/** One text; places count from 1, and `before` is null where there was nothing to ask. */
export type Hit = {
  index: number;
  text: string;
  now: number;
  placeNow: number;
  before: number | null;
  placeBefore: number | null;
};

/** Places of values, the highest first; of equal ones the earlier. */
function placesOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[j]! - values[i]! || i - j);
  const places = new Array<number>(values.length);
  for (const [place, i] of order.entries()) places[i] = place + 1;
  return places;
}

/**
 * All texts but the query itself, the nearest now first.
 * @param column of a classifier: the label whose probability counts
 */
export function rankHits({ query, texts, ranking }: Ranked, column = 0): Hit[] {
  const columns = ranking.labels?.length ?? 1;
  const kept = texts.map((_, i) => i).filter((i) => texts[i] !== query);
  const pick = (values: Float32Array) => kept.map((i) => values[i * columns + column]!);
  const now = pick(ranking.now);
  const before = ranking.before && pick(ranking.before);
  const placesNow = placesOf(now);
  const placesBefore = before && placesOf(before);
  return kept
    .map((index, k) => ({
      index,
      text: texts[index]!,
      now: now[k]!,
      placeNow: placesNow[k]!,
      before: before?.[k] ?? null,
      placeBefore: placesBefore?.[k] ?? null,
    }))
    .sort((a, b) => a.placeNow - b.placeNow);
}

/** Of those among the first `top` before or now: the ones that rose most places, and the ones that fell most. */
export function movers(hits: readonly Hit[], top: number, count: number): { rose: Hit[]; fell: Hit[] } {
  const seen = hits.filter((hit) => hit.placeNow <= top || (hit.placeBefore ?? Infinity) <= top);
  const change = ({ placeBefore, placeNow }: Hit) => (placeBefore === null ? 0 : placeBefore - placeNow);
  const rose = seen.filter((hit) => change(hit) > 0).sort((a, b) => change(b) - change(a));
  const fell = seen.filter((hit) => change(hit) < 0).sort((a, b) => change(a) - change(b));
  return { rose: rose.slice(0, count), fell: fell.slice(0, count) };
}
