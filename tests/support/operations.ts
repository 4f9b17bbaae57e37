/** Compares an operation with its oracle: value and gradients. */
import * as tf from '@tensorflow/tfjs';
import { expectNear } from './backends.ts';

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
  expectNear(await run(op, inputs), await run(oracle, inputs), tolerance);
  tf.dispose(inputs);
}
