/**
 * Layer normalisation over the last axis (Ba et al. 2016): y = (x − mean) · rstd · weight + bias, with
 * rstd = 1 / √(variance + epsilon), the variance being the mean squared deviation.
 *
 * With x̂ = (x − mean) · rstd and g = dy · weight, per row: dx = rstd · (g − mean(g) − x̂ · mean(g · x̂));
 * dweight = Σ dy · x̂ and dbias = Σ dy over the rows.
 */
import * as tf from '@tensorflow/tfjs';

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
