/** Batches of nearly the same length share a shape, so that a step recorded for one is replayed for the others. */

/** Tokens to make room for: sixteen sizes an octave, so at most 6 % more than there are, and a multiple of 32. */
export function tokenCapacity(tokens: number): number {
  const step = Math.max(32, 2 ** (Math.floor(Math.log2(tokens)) - 4));
  return Math.ceil(tokens / step) * step;
}
