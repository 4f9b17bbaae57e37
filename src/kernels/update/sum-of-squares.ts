/** Σ x² over all elements of many tensors, for the global gradient norm. */
import * as tf from '@tensorflow/tfjs';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineSimdKernel } from '../wasm/wasm.ts';

const kernel = 'EmbedsmithSumOfSquares';

/** The oracle, in stock operations. */
export function sumOfSquaresReference(tensors: tf.Tensor[]): tf.Scalar {
  return tf.sum(tf.stack(tensors.map((x) => tf.sum(tf.square(x)))));
}

defineSimdKernel(
  kernel,
  () => [[]],
  ({ simd, inputs, outputs: [out], infos, room, floats, doubles }) => {
    const sums = room(2 * 16);
    let total = 0;
    for (const [i, x] of inputs.entries()) {
      const size = tf.util.sizeFromShape(infos[i]!.shape);
      const parts = simd.partsFor(size);
      simd.run('sumOfSquares', parts, x, size, sums);
      for (const sum of doubles(sums, parts)) total += sum;
    }
    floats(out!, 1)[0] = total;
  },
);

/** @returns a scalar */
export function sumOfSquares(tensors: tf.Tensor[]): tf.Scalar {
  return hasKernel(kernel)
    ? (runKernel(kernel, tensors)[0] as tf.Scalar)
    : tf.tidy(() => sumOfSquaresReference(tensors));
}
