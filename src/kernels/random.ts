/**
 * A counter-based generator: the random number of an element follows from (key, index) alone, so the backward pass
 * draws the same numbers again instead of storing them, and every backend draws the same ones.
 *
 * Two rounds of the 32-bit finaliser “lowbias32” (C. Wellons, https://nullprogram.com/blog/2018/07/31/), the second one
 * keyed. Statistical quality only; not for secrets.
 */

/** One round of lowbias32; int32 in and out. */
function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}

/** 16 random bits for an element: an integer in 0 … 65535. Elements 2k and 2k + 1 share one draw of 32 bits. */
export function randomBits(key: number, index: number): number {
  const draw = mix(mix((index >>> 1) ^ key) + key);
  return index & 1 ? draw >>> 16 : draw & 0xffff;
}

/** The key of a step, from the run's seed; an int32. */
export function stepKey(seed: number, step: number): number {
  return mix(mix(seed + 0x9e3779b9) + step);
}

/** A key for one place of use within a step. */
export function placeKey(key: number, place: number): number {
  return mix(key + place);
}

/** A key for one place of use, from the run's seed, the step and the number of the place. */
export function randomKey(seed: number, step: number, place: number): number {
  return placeKey(stepKey(seed, step), place);
}

/** {@link placeKey} and {@link randomBits} in WGSL: `place_key(key : i32, place : i32) -> u32`, `random_bits(key : u32, index : u32) -> u32`. */
export const randomBitsWgsl = /* wgsl */ `
  fn mix_bits(x : u32) -> u32 {
    var h = x;
    h = (h ^ (h >> 16u)) * 0x7feb352du;
    h = (h ^ (h >> 15u)) * 0x846ca68bu;
    return h ^ (h >> 16u);
  }
  fn place_key(key : i32, place : i32) -> u32 {
    return mix_bits(u32(key) + u32(place));
  }
  fn random_bits(key : u32, index : u32) -> u32 {
    let draw = mix_bits(mix_bits((index >> 1u) ^ key) + key);
    return select(draw & 0xffffu, draw >> 16u, (index & 1u) == 1u);
  }
`;
