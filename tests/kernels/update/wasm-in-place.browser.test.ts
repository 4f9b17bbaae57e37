/** What AdamW does in place on WASM: rows without gradient and moments, and products with what was updated. */
import * as tf from '@tensorflow/tfjs';
import { beforeEach, expect, test } from 'vitest';
import { hasKernel } from '../../../src/kernels/run-kernel.ts';
import { adamWReference, updateAdamW } from '../../../src/kernels/update/adamw-update.ts';
import { relativeError, selectBackend } from '../../support/backends.ts';

const step = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.1,
  correction1: 1 - 0.9 ** 3,
  correction2: 1 - 0.999 ** 3,
  gradientScale: 0.7,
};

const rows = 9;
const width = 64; // what the kernel looks at together

/** Zeros but for the first row of each third: random numbers of that size. */
const sparse = (third: number, size: number) =>
  tf.tidy(() => {
    const values = tf.randomUniform([1, width], 0.5 * size, size, 'float32', third + 1);
    return tf.concat([tf.zeros([3 * third, width]), values, tf.zeros([rows - 1 - 3 * third, width])]);
  });

beforeEach(() => selectBackend('wasm'));

test('rows with a gradient, with a moment alone, and with neither', async () => {
  expect(hasKernel('EmbedsmithAdamW')).toBe(true);
  const p = tf.tidy(() => tf.variable(tf.randomNormal([rows, width], 0, 1, 'float32', 7)));
  const [g, m, v] = [sparse(0, 1), tf.variable(sparse(1, 0.1)), tf.variable(sparse(2, 0.01))];
  const expected = tf.tidy(() => adamWReference(p, g, m, v, step));
  updateAdamW(p, g, m, v, step);
  for (const [i, variable] of [p, m, v].entries()) {
    expect(relativeError(await variable.data(), await expected[i]!.data())).toBeLessThan(1e-6);
  }
});

test('a product sees the update of its right operand', async () => {
  const x = tf.randomNormal([5, rows], 0, 1, 'float32', 1);
  const p = tf.tidy(() => tf.variable(tf.randomNormal([rows, width], 0, 1, 'float32', 7)));
  const before = await tf.matMul(x, p).data();
  const zeros = () => tf.variable(tf.zeros([rows, width]));
  updateAdamW(p, tf.ones([rows, width]), zeros(), zeros(), step);
  const after = await tf.matMul(x, p).data();
  expect(relativeError(after, before)).toBeGreaterThan(1e-3);
  const copy = tf.tensor((await p.data()).slice(), [rows, width]);
  expect(relativeError(after, await tf.matMul(x, copy).data())).toBe(0);
});
