/** Operations that take halves, for their tests against oracles of floats. */
import type * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { narrow, widen } from '../../src/kernels/halves.ts';
import { expectNear } from './backends.ts';
import { normal, type Op, type Plain } from './gradients.ts';

/** Half a unit in the last place of a half, of numbers from 1 to 2. */
export const rounding = 2 ** -11;

/** Random numbers that halves hold exactly, so that an oracle of floats sees the same. */
export function exact(shape: number[], seed: number, spread = 1, mean = 0): Plain {
  return { shape, values: normal(shape, seed, spread, mean).values.map((x) => Math.round(x * 128) / 128) };
}

/** The operation's first `count` inputs as halves, and its result as floats again. */
export const inHalves =
  (op: Op, count: number): Op =>
  (...inputs: tf.Tensor[]) =>
    widen(op(...inputs.map((x, i) => (i < count ? narrow(x) : x))));

/** Values and gradients of halves are those of the oracle, relative to the largest of each, and not by chance the same. */
export function expectClose(found: Float32Array[], expected: Float32Array[], tolerance: number): void {
  expectNear(found, expected, tolerance);
  expect(found[0], 'halves took part').not.toEqual(expected[0]);
}
