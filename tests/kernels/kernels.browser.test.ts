/** Every operation of ours against its reference in stock operations, forward and backward, on both backends and at odd shapes. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adamWReference, updateAdamW } from '../../src/kernels/adamw-update.ts';
import { dropout, dropoutReference } from '../../src/kernels/dropout.ts';
import { gatherRows } from '../../src/kernels/gather-rows.ts';
import { gelu, geluReference } from '../../src/kernels/gelu.ts';
import { layerNorm, layerNormReference } from '../../src/kernels/layer-norm.ts';
import { maskedSoftmax, maskedSoftmaxReference } from '../../src/kernels/masked-softmax.ts';
import { batchMatMul, linear } from '../../src/kernels/mat-mul.ts';
import { sumOfSquares, sumOfSquaresReference } from '../../src/kernels/sum-of-squares.ts';
import { hasKernel } from '../../src/kernels/wasm.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';

type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

const normal = (shape: number[], seed: number, spread = 1) => tf.randomNormal(shape, 0, spread, 'float32', seed);

/** Value of `op` and the gradients of Σ value · weights, as plain arrays; weights are random, so no gradient cancels. */
async function run(op: Op, inputs: tf.Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(() => {
    const value = op(...inputs);
    const weights = normal(value.shape, 99);
    const grads = tf.grads((...args: tf.Tensor[]) => tf.sum(tf.mul(op(...args), weights)))(inputs);
    return [value, ...grads];
  });
  const arrays = await Promise.all(tensors.map(async (tensor) => (await tensor.data()) as Float32Array));
  tf.dispose(tensors);
  return arrays;
}

async function expectSame(op: Op, oracle: Op, inputs: tf.Tensor[], tolerance = 2e-5): Promise<void> {
  const found = await run(op, inputs);
  const expected = await run(oracle, inputs);
  expect(found).toHaveLength(inputs.length + 1);
  for (const [i, array] of expected.entries()) {
    expect(Math.max(...array.map(Math.abs)), `output ${i} is not all zeros`).toBeGreaterThan(0);
    expect(relativeError(found[i]!, array), `output ${i}`).toBeLessThan(tolerance);
  }
  tf.dispose(inputs);
}

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
    expect(hasKernel('EmbedsmithGatherRowsGradient')).toBe(true);
    expect(hasKernel('EmbedsmithLayerNorm')).toBe(backend === 'wasm');
  });

  test.each([[[1]], [[7, 13]], [[3, 5, 33]]])('gelu %j', async (shape) => {
    await expectSame(gelu, geluReference, [normal(shape, 1, 2)]);
  });

  test('gelu at the ends of its range', async () => {
    const x = tf.tensor1d([-40, -12, -6, -1e-6, 0, 1e-6, 6, 12, 40]);
    const y = tf.tidy(() => gelu(x));
    const found = await y.data();
    for (const [i, v] of [-40, -12, -6, -1e-6, 0, 1e-6, 6, 12, 40].entries()) {
      const expected = v < -5 ? 0 : v > 5 ? v : v / 2;
      expect(Math.abs(found[i]! - expected)).toBeLessThan(1e-6);
    }
    tf.dispose([x, y]);
  });

  test.each([
    [1, 1],
    [1, 7],
    [13, 5],
    [33, 128],
  ])('layerNorm [%i, %i]', async (rows, width) => {
    const inputs = [normal([rows, width], 1, 3), normal([width], 2), normal([width], 3)];
    const op = (f: typeof layerNorm) => (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
      f(x as tf.Tensor2D, w as tf.Tensor1D, b as tf.Tensor1D, 1e-5);
    if (width > 1) return expectSame(op(layerNorm), op(layerNormReference), inputs, 1e-4);
    const y = tf.tidy(() => op(layerNorm)(...(inputs as [tf.Tensor, tf.Tensor, tf.Tensor])));
    expect([...(await y.data())]).toEqual([...(await inputs[2]!.data())]); // one value is its own mean
    tf.dispose([y, ...inputs]);
  });

  test('maskedSoftmax gives nothing to padding and sums to 1', async () => {
    const lengths = Int32Array.of(1, 5, 3);
    const attributes = { scale: 0.5, heads: 2, lengths };
    const scores = normal([6, 5, 5], 1, 4);
    const p = tf.tidy(() => maskedSoftmax(scores as tf.Tensor3D, attributes));
    const values = (await p.array()) as number[][][];
    for (const [matrix, rows] of values.entries()) {
      for (const row of rows) {
        const length = lengths[Math.floor(matrix / 2)]!;
        expect(row.slice(length).every((value) => value === 0)).toBe(true);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      }
    }
    p.dispose();
    await expectSame(
      (s) => maskedSoftmax(s as tf.Tensor3D, attributes),
      (s) => maskedSoftmaxReference(s as tf.Tensor3D, attributes),
      [scores],
    );
  });

  test.each([
    [1, 1, 1],
    [7, 3, 5],
    [70, 33, 65],
  ])('linear, %i rows of %i to %i', async (rows, inputs, outputs) => {
    await expectSame(
      (x, w, b) => linear(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D),
      (x, w, b) => tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D, false, true), b),
      [normal([rows, inputs], 1), normal([outputs, inputs], 2), normal([outputs], 3)],
    );
  });

  test('batchMatMul', async () => {
    await expectSame(
      (a, b) => batchMatMul(a as tf.Tensor3D, b as tf.Tensor3D),
      (a, b) => tf.matMul(a, b),
      [normal([3, 5, 7], 1), normal([3, 7, 2], 2)],
    );
  });

  test('gatherRows, and its gradient at repeated, unused, first and last rows', async () => {
    const indices = Int32Array.of(4, 0, 4, 2, 4);
    const table = normal([5, 3], 1);
    const [value, grad] = await run((x) => gatherRows(x as tf.Tensor2D, indices), [table]);
    const rows = (await table.array()) as number[][];
    expect(
      relativeError(
        value!,
        [...indices].flatMap((i) => rows[i]!),
      ),
    ).toBe(0);
    const weightsTensor = normal([5, 3], 99); // what `run` weighs the value with
    const weights = (await weightsTensor.array()) as number[][];
    const sumOf = (row: number, j: number) =>
      indices.reduce((sum, index, k) => sum + (index === row ? weights[k]![j]! : 0), 0);
    const expected = [0, 1, 2, 3, 4].flatMap((row) => [0, 1, 2].map((j) => sumOf(row, j)));
    expect(relativeError(grad!, expected)).toBeLessThan(1e-6);
    expect(grad!.slice(3, 6)).toEqual(new Float32Array(3)); // row 1 is not used
    tf.dispose([table, weightsTensor]);
  });

  test.each([0.1, 0.5])('dropout of %f: the same mask on every backend, forward and backward', async (rate) => {
    const key = 12345;
    await expectSame(
      (x) => dropout(x, rate, key),
      (x) => dropoutReference(x, rate, key),
      [normal([7, 11, 3], 1)],
    );
    const ones = tf.ones([100_001]);
    const [a, b, other] = tf.tidy(() => [
      dropout(ones, rate, key),
      dropout(ones, rate, key),
      dropout(ones, rate, key + 1),
    ]);
    const kept = (await a!.data()) as Float32Array;
    expect(await b!.data()).toEqual(kept);
    expect(await other!.data()).not.toEqual(kept);
    const dropped = kept.filter((value) => value === 0).length / kept.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / kept.length));
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    expect(mean).toBeCloseTo(1, 1);
    tf.dispose([ones, a!, b!, other!]);
  });

  test('dropout of 0 is the input itself', () => {
    const x = tf.ones([3]);
    expect(dropout(x, 0, 1)).toBe(x);
    x.dispose();
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
