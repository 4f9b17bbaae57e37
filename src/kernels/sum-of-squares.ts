/** Σ x² over all elements of many tensors, for the global gradient norm. */
import * as tf from '@tensorflow/tfjs';
import { defineWasmKernel, hasKernel, runKernel } from './wasm.ts';

const kernel = 'EmbedsmithSumOfSquares';

/** The oracle, in stock operations. */
export function sumOfSquaresReference(tensors: tf.Tensor[]): tf.Scalar {
  return tf.sum(tf.stack(tensors.map((x) => tf.sum(tf.square(x)))));
}

defineWasmKernel(
  kernel,
  () => [[]],
  (inputs, [out]) => {
    let sum = 0;
    for (const x of inputs) for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
    out![0] = sum;
  },
);

/** @returns a scalar */
export function sumOfSquares(tensors: tf.Tensor[]): tf.Scalar {
  return hasKernel(kernel)
    ? (runKernel(kernel, tensors)[0] as tf.Scalar)
    : tf.tidy(() => sumOfSquaresReference(tensors));
}
