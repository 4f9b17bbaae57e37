/** An embedding map as it is drawn: where the points lie between two evaluations, and what each is coloured by. */
import type { EmbeddingMap } from '../../contract/trials.ts';

/**
 * What points are coloured by: a similarity, a label, or nothing where the data says nothing. A text whose pairs differ in it
 * has none.
 */
export type Colouring =
  | { kind: 'score'; scores: (number | null)[] }
  | { kind: 'label'; labels: string[]; numbers: (number | null)[] }
  | { kind: 'none' };

export function colouringOf({ texts, pairs }: Pick<EmbeddingMap, 'texts' | 'pairs'>): Colouring {
  const known = texts.map(() => new Set<number | string | null>());
  for (const { first, second, gold } of pairs) {
    known[first]!.add(gold);
    known[second]!.add(gold);
  }
  const golds = known.map((each) => (each.size === 1 ? ([...each][0] ?? null) : null));
  const labels = [...new Set(pairs.map(({ gold }) => gold).filter((gold) => typeof gold === 'string'))].sort();
  if (labels.length > 0) {
    return {
      kind: 'label',
      labels,
      numbers: golds.map((gold) => (typeof gold === 'string' ? labels.indexOf(gold) : null)),
    };
  }
  if (pairs.every(({ gold }) => gold === null)) return { kind: 'none' };
  return { kind: 'score', scores: golds.map((gold) => (typeof gold === 'number' ? gold : null)) };
}

/** Positions `[texts · 2]` at a place between the frames: 0 is the first, 1.5 halfway from the second to the third. */
export function positionsAt(frames: EmbeddingMap['frames'], at: number): Float32Array {
  const last = frames.length - 1;
  const from = Math.max(0, Math.min(last, Math.floor(at)));
  const share = Math.max(0, Math.min(1, at - from));
  const [a, b] = [frames[from]!.positions, frames[Math.min(last, from + 1)]!.positions];
  return share === 0 ? a : a.map((value, i) => value + share * (b[i]! - value));
}

/** The square around the middle of all frames that holds every point of them, so that nothing jumps in scale. */
export function squareOf(frames: EmbeddingMap['frames']): { x: number; y: number; half: number } {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { positions } of frames) {
    for (let i = 0; i < positions.length; i += 2) {
      left = Math.min(left, positions[i]!);
      right = Math.max(right, positions[i]!);
      top = Math.min(top, positions[i + 1]!);
      bottom = Math.max(bottom, positions[i + 1]!);
    }
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, half: Math.max(right - left, bottom - top, 1e-6) / 2 };
}

/** The first `most` texts that a text is paired with, and what the data says of each pair. */
export function partnersOf(
  { texts, pairs }: Pick<EmbeddingMap, 'texts' | 'pairs'>,
  text: number,
  most: number,
): { text: string; gold: number | string | null }[] {
  return pairs
    .filter(({ first, second }) => first !== second && (first === text || second === text))
    .slice(0, most)
    .map(({ first, second, gold }) => ({ text: texts[first === text ? second : first]!, gold }));
}
