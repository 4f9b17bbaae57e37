/** Every operation of ours against its reference in stock operations, forward and backward, on both backends and at odd shapes. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dropout, dropoutReference } from '../../src/kernels/dropout.ts';
import '../../src/kernels/linear/linear.ts'; // defines the kernels
import { geluGradientKernel, linearGeluKernel } from '../../src/kernels/linear/linear-kernels.ts';
import { stepKey } from '../../src/kernels/random.ts';
import { hasKernel, runKernel } from '../../src/kernels/run-kernel.ts';
import { adamWReference, updateAdamW } from '../../src/kernels/update/adamw-update.ts';
import { sumOfSquares, sumOfSquaresReference } from '../../src/kernels/update/sum-of-squares.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { expectSame, normal } from '../support/operations.ts';

describe.each(backends)('on %s', (backend) => {
  let tensors: number;

  beforeEach(async () => {
    await selectBackend(backend);
    tensors = tf.memory().numTensors;
  });
  afterEach(async () => {
    expect(tf.memory().numTensors, 'no tensor is left').toBe(tensors);
    await expectNoFault(backend);
  });

  test('has the kernels that it should', () => {
    expect(hasKernel('EmbedsmithDropout')).toBe(true);
  });

  test('gelu and its slope at the ends of its range', async () => {
    const values = [-40, -12, -6, -1e-6, 0, 1e-6, 6, 12, 40];
    const x = tf.tensor2d(values, [values.length, 1]);
    const [one, zero, ones] = [tf.ones([1, 1]), tf.zeros([1]), tf.onesLike(x)];
    const [y, u] = runKernel(linearGeluKernel, [x, one, zero]);
    const [slopes, again] = runKernel(geluGradientKernel, [ones, one, u!]);
    const [found, foundAgain, foundSlopes] = [await y!.data(), await again!.data(), await slopes!.data()];
    for (const [i, v] of values.entries()) {
      const expected = v < -5 ? 0 : v > 5 ? v : v / 2;
      expect(Math.abs(found[i]! - expected)).toBeLessThan(1e-6);
      expect(Math.abs(foundAgain[i]! - expected)).toBeLessThan(1e-6);
      expect(Math.abs(foundSlopes[i]! - (v < -5 ? 0 : v > 5 ? 1 : 0.5))).toBeLessThan(1e-5);
    }
    tf.dispose([x, one, zero, ones, y!, u!, slopes!, again!]);
  });

  test.each([0.1, 0.5])('dropout of %f: the same mask on every backend, forward and backward', async (rate) => {
    const key = tf.tensor1d([stepKey(7, 3)], 'int32');
    const place = 5;
    for (const shape of [
      [7, 11, 3],
      [8, 5],
    ]) {
      await expectSame(
        (x) => dropout(x, { rate, key, place }),
        (x) => dropoutReference(x, { rate, key: tf.tensor1d([stepKey(7, 3)], 'int32'), place }), // not read from WebGPU
        [normal(shape, 1)],
      );
    }
    const ones = tf.ones([100_001]);
    const [a, b, other] = tf.tidy(() => [
      dropout(ones, { rate, key, place }),
      dropout(ones, { rate, key, place }),
      dropout(ones, { rate, key, place: place + 1 }),
    ]);
    const kept = (await a!.data()) as Float32Array;
    expect(await b!.data()).toEqual(kept);
    expect(await other!.data()).not.toEqual(kept);
    const dropped = kept.filter((value) => value === 0).length / kept.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / kept.length));
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    expect(mean).toBeCloseTo(1, 1);
    tf.dispose([key, ones, a!, b!, other!]);
  });

  test('dropout of 0 is the input itself', () => {
    const x = tf.ones([3]);
    const key = tf.tensor1d([1], 'int32');
    expect(dropout(x, { rate: 0, key, place: 1 })).toBe(x);
    expect(dropout(x, null)).toBe(x);
    tf.dispose([x, key]);
  });

  test('AdamW updates parameter and moments', async () => {
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
    const p = tf.tidy(() => tf.variable(normal([5, 7], 1)));
    const g = normal([5, 7], 2);
    const m = tf.tidy(() => tf.variable(normal([5, 7], 3, 0.1)));
    const v = tf.tidy(() => tf.variable(tf.square(normal([5, 7], 4, 0.1))));
    const expected = tf.tidy(() => adamWReference(p, g, m, v, step));
    updateAdamW(p, g, m, v, step);
    for (const [i, variable] of [p, m, v].entries()) {
      expect(relativeError(await variable.data(), await expected[i]!.data())).toBeLessThan(1e-5);
    }
    tf.dispose([p, g, m, v, ...expected]);
  });

  test('sumOfSquares over several tensors', async () => {
    const all = [normal([1], 1), normal([13, 7], 2), normal([2, 3, 5], 3)];
    const [found, expected] = tf.tidy(() => [sumOfSquares(all), sumOfSquaresReference(all)]);
    expect(relativeError(await found!.data(), await expected!.data())).toBeLessThan(1e-5);
    tf.dispose([found!, expected!, ...all]);
  });
});
