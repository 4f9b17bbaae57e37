/**
 * CoSENT (Su 2022, https://kexue.fm/archives/8847; sentence-transformers' CoSENTLoss): of two pairs the one with the
 * higher score must have the higher similarity. Columns: sentence1, sentence2, score.
 *
 *   L = log(1 + Σ exp(s · (simᵢ − simⱼ))) over all i, j of the batch with yᵢ < yⱼ.
 */
import * as tf from '@tensorflow/tfjs';
import { logSumExp } from '../kernels/similarity/log-sum-exp.ts';
import { pairCosines } from '../model/similarity.ts';

/** What exp turns into 0 in float32 beside any similarity. */
const never = 1e9;

/**
 * CoSENT's loss on similarities of any kind.
 * @param similarities `[batch]`
 * @param scores `[batch]` gold similarities; only their order counts
 * @param scale what similarities are multiplied by
 * @returns a scalar ≥ 0
 */
export function orderLoss(similarities: tf.Tensor1D, scores: tf.Tensor1D, scale: number): tf.Scalar {
  const batch = scores.shape[0];
  const inOrder = tf.greaterEqual(scores.reshape([batch, 1]), scores.reshape([1, batch])); // [i, j]: yᵢ ≥ yⱼ
  const scaled = tf.mul(similarities, scale);
  const differences = tf.sub(scaled.reshape([batch, 1]), scaled.reshape([1, batch])); // [i, j]: simᵢ − simⱼ
  const wrong = tf.sub(differences, tf.mul(tf.cast(inOrder, 'float32'), never)).flatten();
  return logSumExp(tf.concat([tf.zeros([1]), wrong]), 0) as tf.Scalar;
}

/**
 * @param u `[batch, hidden]`
 * @param v `[batch, hidden]`
 * @returns a scalar ≥ 0
 */
export function cosentLoss(u: tf.Tensor2D, v: tf.Tensor2D, scores: tf.Tensor1D, scale: number): tf.Scalar {
  return orderLoss(pairCosines(u, v), scores, scale);
}
