/**
 * AnglE (Li & Li 2023, https://arxiv.org/abs/2309.12871; sentence-transformers' AnglELoss): CoSENT's ranking on the
 * angle between embeddings read as complex vectors, whose gradient does not vanish where the cosine is flat.
 * Columns: sentence1, sentence2, score.
 *
 *   u = a + ib, v = c + id (halves of the embedding);  u / v = ((ac + bd) + i(bc − ad)) / (c² + d²), its length divided out;
 *   sim = |Σ (re + im)|.
 */
import * as tf from '@tensorflow/tfjs';
import { orderLoss } from './cosent.ts';

/**
 * pairwise_angle_sim of sentence-transformers.
 * @param u `[batch, width]`, width even
 * @param v `[batch, width]`
 * @returns `[batch]`, ≥ 0
 */
function angleSimilarities(u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor1D {
  const [a, b] = tf.split(u, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const [c, d] = tf.split(v, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const length = (x: tf.Tensor2D, y: tf.Tensor2D) =>
    tf.sqrt(tf.maximum(tf.sum(tf.add(tf.square(x), tf.square(y)), 1, true), 1e-24)); // [batch, 1]
  // Dividing by |v|² and then by |u| / |v| leaves 1 / (|u| · |v|).
  const scale = tf.mul(length(a, b), length(c, d));
  const real = tf.add(tf.mul(a, c), tf.mul(b, d));
  const imaginary = tf.sub(tf.mul(b, c), tf.mul(a, d));
  return tf.abs(tf.sum(tf.div(tf.add(real, imaginary), scale), 1));
}

/**
 * @param u `[batch, width]`, width even
 * @param v `[batch, width]`
 * @param scores `[batch]` gold similarities; only their order counts
 * @returns a scalar ≥ 0
 */
export function angleLoss(u: tf.Tensor2D, v: tf.Tensor2D, scores: tf.Tensor1D, scale: number): tf.Scalar {
  return orderLoss(angleSimilarities(u, v), scores, scale);
}
