/**
 * Which elements dropout drops: element i is dropped with probability `rate`, as its random number (random.ts) of the
 * step's key, the place in the model and i says, and what is kept is multiplied by 1 / (1 − rate). Masks are never
 * stored; gradients draw them again. The step's key is a tensor, so that a recorded step draws new masks at each replay.
 */
import type { Program } from './device/program.ts';
import type { Unit } from './device/units.ts';
import { placeKey, randomBitsWgsl } from './random.ts';

const range = 2 ** 16;

/** Random numbers below this are dropped. */
export const thresholdOf = (rate: number): number => Math.round(rate * range);

/** What kept elements are multiplied by. */
export const scaleOf = (threshold: number): number => 1 / (1 - threshold / range);

/** What a mask on the CPU follows from: the place's key, and {@link thresholdOf} the rate. */
export type Mask = { key: number; threshold: number };

/** The mask of a place; `key` is the step's, undefined where nothing is dropped. */
export const maskOf = (key: number | undefined, rate: number, place: number): Mask | null =>
  key === undefined ? null : { key: placeKey(key, place), threshold: thresholdOf(rate) };

/** Key, threshold and factor of a mask as the SIMD kernels take them; nothing is dropped below a threshold of 0. */
export const simdMask = (mask: Mask | null): [key: number, threshold: number, scale: number] =>
  mask ? [mask.key, mask.threshold, scaleOf(mask.threshold)] : [0, 0, 1];

/** The buffer and the uniforms that a program with dropout has besides its own. */
export const dropBuffers: Program['buffers'] = { key: 'read i32' };
export const dropUniforms: Program['uniforms'] = { place: 'u32', threshold: 'u32' };

/**
 * `dropped(value : Unit, at : u32) -> Unit` in WGSL, `at` counting units of 4 elements (vec4f) or 1 (f32);
 * `start_dropping()` comes before. Without dropout it is the value.
 */
export function dropWgsl(drop: boolean, unit: Unit): string {
  if (!drop) return 'fn start_dropping() {}\nfn dropped(value : Unit, at : u32) -> Unit { return value; }';
  const bits =
    unit === 'f32'
      ? 'let bits = random_bits(drop_key, at);'
      : `let first = mix_bits(mix_bits((at * 2u) ^ drop_key) + drop_key);
  let second = mix_bits(mix_bits((at * 2u + 1u) ^ drop_key) + drop_key);
  let bits = vec4u(first & 0xffffu, first >> 16u, second & 0xffffu, second >> 16u);`;
  const threshold = unit === 'f32' ? 'uniforms.threshold' : 'vec4u(uniforms.threshold)';
  return `${randomBitsWgsl}
var<private> drop_key : u32;
fn start_dropping() { drop_key = mix_bits(u32(key[0]) + uniforms.place); }
fn dropped(value : Unit, at : u32) -> Unit {
  ${bits}
  let scale = 1.0 / (1.0 - f32(uniforms.threshold) / ${range}.0);
  return select(Unit(0.0), value * scale, bits >= ${threshold});
}`;
}
