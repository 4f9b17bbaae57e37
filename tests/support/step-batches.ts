/** Made-up batches of a training step: the same for the same seed, of any shape. */
import { packBatch } from '../../src/data/token-batch.ts';
import type { StepBatch } from '../../src/training/gradients.ts';

/** Numbers of 0 … `below` − 1 that look random. */
function drawIntegers(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b9) | 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 8) / 2 ** 24) * below);
  };
}

export type BatchShape = {
  /** Tokens of each example; every text of it is that long. */
  lengths: readonly number[];
  /** Texts of an example. */
  positions: number;
  /** Whether a row is a packed pair: its second half is of type 1. */
  pairs?: boolean;
  /** Targets are one of these. */
  targets: readonly number[];
  /** Ids are 0 … vocabulary − 1. */
  vocabulary: number;
};

export function makeBatch(seed: number, { lengths, positions, pairs, targets, vocabulary }: BatchShape): StepBatch {
  const draw = drawIntegers(seed);
  const rows = Array.from({ length: positions }, () => lengths).flatMap((each) =>
    each.map((length) => ({
      ids: Int32Array.from({ length }, () => draw(vocabulary)),
      types: Int32Array.from({ length }, (_, i) => (pairs && i >= length / 2 ? 1 : 0)),
    })),
  );
  const size = lengths.length;
  return { tokens: packBatch(rows), size, targets: Float32Array.from(lengths, () => targets[draw(targets.length)]!) };
}
