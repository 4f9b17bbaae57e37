/**
 * Softmax of attention scores over the real tokens of each sentence: p = softmax(scale · s) over the first `length`
 * columns, 0 beyond. ds = scale · p · (dp − Σ dp · p).
 */
import * as tf from '@tensorflow/tfjs';
import { defineWasmKernel, hasKernel, runKernel } from './wasm.ts';

const forward = 'EmbedsmithMaskedSoftmax';
const backward = 'EmbedsmithMaskedSoftmaxGradient';

type Attributes = { scale: number; heads: number; lengths: Int32Array };

/** The oracle, in stock operations; differentiable. */
export function maskedSoftmaxReference(scores: tf.Tensor3D, { scale, heads, lengths }: Attributes): tf.Tensor3D {
  const tokens = scores.shape[2];
  const bias = new Float32Array(lengths.length * heads * tokens);
  for (let row = 0; row < lengths.length * heads; row++) {
    bias.fill(-1e9, row * tokens + lengths[Math.floor(row / heads)]!, (row + 1) * tokens);
  }
  return tf.softmax(tf.add(tf.mul(scores, scale), tf.tensor3d(bias, [lengths.length * heads, 1, tokens])));
}

defineWasmKernel<Attributes>(
  forward,
  ([s]) => [s!.shape],
  ([s], [p], { scale, heads, lengths }, [info]) => {
    const [matrices, queries, tokens] = info!.shape as [number, number, number];
    for (let row = 0; row < matrices * queries; row++) {
      const start = row * tokens;
      const end = start + lengths[Math.floor(row / queries / heads)]!;
      let highest = Number.NEGATIVE_INFINITY;
      for (let j = start; j < end; j++) if (s![j]! > highest) highest = s![j]!;
      let sum = 0;
      for (let j = start; j < end; j++) {
        const e = Math.exp(scale * (s![j]! - highest));
        p![j] = e;
        sum += e;
      }
      for (let j = start; j < end; j++) p![j]! /= sum;
      p!.fill(0, end, start + tokens);
    }
  },
);

defineWasmKernel<{ scale: number }>(
  backward,
  ([p]) => [p!.shape],
  ([p, dp], [ds], { scale }, [info]) => {
    const tokens = info!.shape[2]!;
    for (let start = 0; start < p!.length; start += tokens) {
      let inner = 0;
      for (let j = start; j < start + tokens; j++) inner += p![j]! * dp![j]!;
      for (let j = start; j < start + tokens; j++) ds![j] = scale * p![j]! * (dp![j]! - inner);
    }
  },
);

/**
 * @param scores `[sentences · heads, tokens, tokens]`, the heads of a sentence next to each other
 * @param attributes `scale` (positive, 1/√head size), `heads`, and the `lengths` of the sentences, each at least 1
 * @returns probabilities of the same shape; columns beyond a sentence's length are 0
 */
export function maskedSoftmax(scores: tf.Tensor3D, attributes: Attributes): tf.Tensor3D {
  if (!hasKernel(forward)) return maskedSoftmaxReference(scores, attributes);
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const value = runKernel(forward, [input], attributes)[0]!;
    save([value]);
    return {
      value,
      gradFunc: (dy, saved) =>
        runKernel(backward, [(saved as tf.Tensor[])[0]!, dy as tf.Tensor], { scale: attributes.scale })[0]!,
    };
  });
  return op(scores) as tf.Tensor3D;
}
