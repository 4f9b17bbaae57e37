/** Products of our own on WASM beside tfjs's, in all forms, at shapes that are no multiple of anything. */
import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { multiplyOnWasm, sumColumnsOnWasm } from '../../../src/kernels/wasm/mat-mul-wasm.ts';
import { relativeError, selectBackend } from '../../support/backends.ts';
import { normal } from '../../support/operations.ts';

const forms = ['nn', 'nt', 'tn'] as const;

/** m, k, n: below a tile, whole ones, deeper than what is packed at a time, and large enough for several threads. */
const shapes = [
  [1, 1, 1],
  [3, 5, 7],
  [4, 2, 8],
  [13, 600, 9],
  [66, 2100, 68],
  [300, 128, 132],
] as const;

beforeEach(() => selectBackend('wasm'));

describe.each(forms)('form %s', (form) => {
  test.each(shapes)('[%i, %i] by %i columns', async (m, k, n) => {
    const a = normal(form === 'tn' ? [k, m] : [m, k], 1) as tf.Tensor2D;
    const b = normal(form === 'nt' ? [n, k] : [k, n], 2) as tf.Tensor2D;
    const bias = normal([n], 3) as tf.Tensor1D;
    const expected = tf.add(tf.matMul(a, b, form === 'tn', form === 'nt'), bias);
    const found = multiplyOnWasm(form, a, b, bias);
    expect(found.shape).toEqual([m, n]);
    expect(relativeError(await found.data(), await expected.data())).toBeLessThan(1e-5);
    const without = await multiplyOnWasm(form, a, b).data();
    expect(relativeError(without, await tf.sub(expected, bias).data())).toBeLessThan(1e-5);
  });
});

test.each([
  [1, 1],
  [70, 13],
  [700, 132],
])('sums of the columns of [%i, %i]', async (rows, columns) => {
  const x = normal([rows, columns], 4) as tf.Tensor2D;
  expect(relativeError(await sumColumnsOnWasm(x).data(), await tf.sum(x, 0).data())).toBeLessThan(1e-5);
});
