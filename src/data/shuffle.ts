/** Seeded randomness for the data: the same seed gives the same order on every machine. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Random = ReturnType<typeof xoroshiro128plus>;

/**
 * A generator for `seed`; generators of different `stream` (0, 1, 2 …) do not overlap: each is a jump of 2^64 draws away
 * from the one before it.
 */
export function seedRandom(seed: number, stream = 0): Random {
  const random = xoroshiro128plus(seed);
  // The first jump is for stream 0 too: it mixes the bits of small seeds, whose first draws are alike.
  for (let i = 0; i <= stream; i++) random.jump();
  return random;
}

/** A whole number from 0 to `count` − 1. */
export function drawIndex(random: Random, count: number): number {
  return uniformInt(random, 0, count - 1);
}

/** The numbers 0 to `count` − 1 in random order (Fisher–Yates). */
export function shuffleIndices(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = drawIndex(random, i + 1);
    const moved = order[i] as number;
    order[i] = order[j] as number;
    order[j] = moved;
  }
  return order;
}
