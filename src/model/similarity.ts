/** Lengths and angles between embeddings. */
import * as tf from '@tensorflow/tfjs';

/** Rows divided by their Euclidean length; a length below 1e-12 counts as that (torch.nn.functional.normalize). */
export function normalize(x: tf.Tensor2D): tf.Tensor2D {
  const squares = tf.sum(tf.square(x), -1, true);
  return tf.div(x, tf.maximum(tf.sqrt(squares), 1e-12));
}

/**
 * Cosine of every row of `u` with every row of `v`.
 * @param u `[m, hidden]`
 * @param v `[n, hidden]`
 * @returns `[m, n]`, −1 … 1
 */
export function cosineMatrix(u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(normalize(u), normalize(v).transpose());
}
