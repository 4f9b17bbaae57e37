/**
 * How activations lie in the device's memory: as floats, or as halves (IEEE 754 binary16), two in a word, in half the room.
 * Programs compute with floats either way; WGSL's core functions pack and unpack, so that every device can. A program's text
 * is the same for both but for {@link cellOf}, {@link loaded} and {@link stored}; its name says which.
 */
import * as tf from '@tensorflow/tfjs';
import type { Unit } from './units.ts';

/** Of halves, rows divide into fours. */
export type Storage = 'float32' | 'float16';

/** What an array of units in memory is made of. */
export const cellOf = (unit: Unit, storage: Storage): Unit | 'half4' => (storage === 'float16' ? 'half4' : unit);

/** The unit at `place` of an array, in WGSL. */
export const loaded = (place: string, storage: Storage): string =>
  storage === 'float16' ? `unpacked(${place})` : place;

/** What is assigned to a place of an array, in WGSL. */
export const stored = (value: string, storage: Storage): string => (storage === 'float16' ? `packed(${value})` : value);

/** The end of a program's name. */
export const storageSuffix = (storage: Storage): string => (storage === 'float16' ? '-float16' : '');

/**
 * What {@link loaded} and {@link stored} call. A float beyond the range of halves (from 65,520 on) becomes no number, because
 * some devices would make the largest half of it, and an overflow would pass unseen.
 */
export const halvesWgsl = `fn unpacked(cell : vec2u) -> vec4f { return vec4f(unpack2x16float(cell.x), unpack2x16float(cell.y)); }
fn packed(value : vec4f) -> vec2u {
  let bits = bitcast<vec4u>(value);
  let beyond = (bits & vec4u(0x7fffffffu)) >= vec4u(0x477ff000u);
  let safe = bitcast<vec4f>(select(bits, bits | vec4u(0x7f800000u), beyond));
  return vec2u(pack2x16float(safe.xy), pack2x16float(safe.zw));
}`;

/** @throws Error where rows do not divide into fours */
export function halfBytes(shape: readonly number[]): number {
  if ((shape.at(-1) ?? 1) % 4 !== 0) throw new Error(`rows of halves must divide into fours: [${shape.join(', ')}]`);
  return 2 * tf.util.sizeFromShape([...shape]);
}

/** The numbers that halves stand for. */
export function floatsOfHalves(halves: ArrayBuffer): Float32Array {
  return Float32Array.from(new Uint16Array(halves), (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
  });
}
