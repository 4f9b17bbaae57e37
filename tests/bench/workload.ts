/** One thing to be timed: a model and the batches that it sees in turn, the same for every engine. */
import { type LengthsName, sentenceLengths } from './lengths.ts';
import { type ModelName, mix32, vocabulary } from './models.ts';

export type Workload = {
  model: ModelName;
  pairs: number;
  /** Tokens of the longest sentence allowed. */
  tokens: number;
  lengths: LengthsName;
  /** Token ids of each batch's sentences: `pairs` anchors, then their positives. */
  batches: Int32Array[][];
  dropout: number;
};

/** Ids after those of the special tokens in BERT's vocabulary. */
const firstId = 1000;

/** So many that most words of a batch were not in the one before, and that realistic batches differ in size. */
const batchCount = 4;

export function createWorkload(
  model: ModelName,
  { pairs, tokens, lengths, dropout = 0.1 }: { pairs: number; tokens: number; lengths: LengthsName; dropout?: number },
): Workload {
  const rows = sentenceLengths(lengths, batchCount * 2 * pairs, tokens).map((length, row) =>
    Int32Array.from({ length }, (_, i) => firstId + (mix32(row * 512 + i) % (vocabulary - firstId))),
  );
  const batches = Array.from({ length: batchCount }, (_, i) => rows.slice(i * 2 * pairs, (i + 1) * 2 * pairs));
  return { model, pairs, tokens, lengths, batches, dropout };
}

/** The item of a batch that a step has: 0, 1, … in turn. */
export function inTurn<T>(items: readonly T[], step: number): T {
  return items[step % items.length]!;
}

/** Lengths of the sentences of `steps` steps, the first of which is number `first`. */
export function lengthsOfSteps({ batches }: Workload, steps: number, first: number): number[] {
  return Array.from({ length: steps }, (_, i) => inTurn(batches, first + i).map(({ length }) => length)).flat();
}

/**
 * The rows side by side for engines that pad: `[rows, width]` ids, 0 beyond a row's end, with 1 / 0 for real / padding.
 * @param width of the longest row of any batch, so that all batches have one shape
 */
export function padRows(rows: readonly Int32Array[], width: number): { ids: Int32Array; mask: Float32Array } {
  const ids = new Int32Array(rows.length * width);
  const mask = new Float32Array(rows.length * width);
  for (const [row, own] of rows.entries()) {
    ids.set(own, row * width);
    mask.fill(1, row * width, row * width + own.length);
  }
  return { ids, mask };
}

/** Tokens of the longest sentence of all batches. */
export function paddedWidth({ batches }: Workload): number {
  return Math.max(...batches.flat().map(({ length }) => length));
}
