/**
 * Layer normalisation over the last axis (Ba et al. 2016): y = (x − mean) · rstd · weight + bias, with
 * rstd = 1 / √(variance + epsilon), the variance being the mean squared deviation.
 *
 * With x̂ = (x − mean) · rstd and g = dy · weight, per row: dx = rstd · (g − mean(g) − x̂ · mean(g · x̂));
 * dweight = Σ dy · x̂ and dbias = Σ dy over the rows.
 */
import * as tf from '@tensorflow/tfjs';
import { defineWasmKernel, hasKernel, runKernel } from './wasm.ts';

const forward = 'EmbedsmithLayerNorm';
const backward = 'EmbedsmithLayerNormGradient';

type Attributes = { epsilon: number };

/** The oracle, in stock operations; differentiable. */
export function layerNormReference(
  x: tf.Tensor2D,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
): tf.Tensor2D {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), weight), bias);
}

/** Mean and reciprocal standard deviation of `width` values from `start`. */
function moments(x: ArrayLike<number>, start: number, width: number, epsilon: number): [mean: number, rstd: number] {
  let sum = 0;
  for (let j = start; j < start + width; j++) sum += x[j]!;
  const mean = sum / width;
  let squares = 0;
  for (let j = start; j < start + width; j++) squares += (x[j]! - mean) ** 2;
  return [mean, 1 / Math.sqrt(squares / width + epsilon)];
}

defineWasmKernel<Attributes>(
  forward,
  ([x]) => [x!.shape],
  ([x, weight, bias], [y], { epsilon }) => {
    const width = weight!.length;
    for (let start = 0; start < x!.length; start += width) {
      const [mean, rstd] = moments(x!, start, width, epsilon);
      for (let j = 0; j < width; j++) y![start + j] = (x![start + j]! - mean) * rstd * weight![j]! + bias![j]!;
    }
  },
);

defineWasmKernel<Attributes>(
  backward,
  ([x, weight]) => [x!.shape, weight!.shape, weight!.shape],
  ([x, weight, dy], [dx, dweight, dbias], { epsilon }) => {
    const width = weight!.length;
    const weightSums = new Float64Array(width);
    const biasSums = new Float64Array(width);
    for (let start = 0; start < x!.length; start += width) {
      const [mean, rstd] = moments(x!, start, width, epsilon);
      let gSum = 0;
      let gxSum = 0;
      for (let j = 0; j < width; j++) {
        const d = dy![start + j]!;
        const normal = (x![start + j]! - mean) * rstd;
        const g = d * weight![j]!;
        gSum += g;
        gxSum += g * normal;
        weightSums[j]! += d * normal;
        biasSums[j]! += d;
      }
      gSum /= width;
      gxSum /= width;
      for (let j = 0; j < width; j++) {
        const normal = (x![start + j]! - mean) * rstd;
        dx![start + j] = rstd * (dy![start + j]! * weight![j]! - gSum - normal * gxSum);
      }
    }
    dweight!.set(weightSums);
    dbias!.set(biasSums);
  },
);

/**
 * Normalises each row.
 * @param x `[rows, width]`
 * @param weight `[width]`
 * @param bias `[width]`
 * @param epsilon added to the variance
 * @returns `[rows, width]`
 */
export function layerNorm(x: tf.Tensor2D, weight: tf.Tensor1D, bias: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  if (!hasKernel(forward)) return layerNormReference(x, weight, bias, epsilon);
  const op = tf.customGrad((...args) => {
    const [input, scale, shift, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([input, scale]);
    return {
      value: runKernel(forward, [input, scale, shift], { epsilon })[0]!,
      gradFunc: (dy, saved) => runKernel(backward, [...(saved as tf.Tensor[]), dy as tf.Tensor], { epsilon }),
    };
  });
  return op(x, weight, bias) as tf.Tensor2D;
}
