/** Compares an operation with its oracle: value and gradients. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { relativeError } from './backends.ts';

export type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Normal numbers that are the same each time. */
export const normal = (shape: number[], seed: number, spread = 1) => tf.randomNormal(shape, 0, spread, 'float32', seed);

/** Value of `op` and the gradients of Σ value · weights, as plain arrays; weights are random, so no gradient cancels. */
export async function run(op: Op, inputs: tf.Tensor[]): Promise<Float32Array[]> {
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

/** Both must give the same value and gradients, relative to the largest of each; disposes the inputs. */
export async function expectSame(op: Op, oracle: Op, inputs: tf.Tensor[], tolerance = 2e-5): Promise<void> {
  const found = await run(op, inputs);
  const expected = await run(oracle, inputs);
  expect(found).toHaveLength(inputs.length + 1);
  for (const [i, array] of expected.entries()) {
    expect(Math.max(...array.map(Math.abs)), `output ${i} is not all zeros`).toBeGreaterThan(0);
    expect(relativeError(found[i]!, array), `output ${i}`).toBeLessThan(tolerance);
  }
  tf.dispose(inputs);
}
