/** Σ x² over all elements of many tensors, for the global gradient norm. */
import * as tf from '@tensorflow/tfjs';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineWasmKernel } from '../wasm/wasm.ts';

const kernel = 'EmbedsmithSumOfSquares';

/** The oracle, in stock operations. */
export function sumOfSquaresReference(tensors: tf.Tensor[]): tf.Scalar {
  return tf.sum(tf.stack(tensors.map((x) => tf.sum(tf.square(x)))));
}

defineWasmKernel(
  kernel,
  () => [[]],
  (inputs, [out]) => {
    let total = 0;
    for (const x of inputs) {
      let [a, b, c, d] = [0, 0, 0, 0]; // four sums, because each addition waits for the one before
      const even = x.length & ~3;
      for (let i = 0; i < even; i += 4) {
        a += x[i]! * x[i]!;
        b += x[i + 1]! * x[i + 1]!;
        c += x[i + 2]! * x[i + 2]!;
        d += x[i + 3]! * x[i + 3]!;
      }
      for (let i = even; i < x.length; i++) a += x[i]! * x[i]!;
      total += a + b + (c + d);
    }
    out![0] = total;
  },
);

/** @returns a scalar */
export function sumOfSquares(tensors: tf.Tensor[]): tf.Scalar {
  return hasKernel(kernel)
    ? (runKernel(kernel, tensors)[0] as tf.Scalar)
    : tf.tidy(() => sumOfSquaresReference(tensors));
}
