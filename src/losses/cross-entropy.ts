/** The softmax cross-entropy that the ranking objectives share. */
import * as tf from '@tensorflow/tfjs';

/**
 * Mean of −log softmax(logits)[target] over the rows.
 * @param logits `[rows, classes]`
 * @param targets `rows` class numbers
 * @returns a scalar
 */
export function crossEntropy(logits: tf.Tensor2D, targets: Int32Array): tf.Scalar {
  const chosen = tf.oneHot(tf.tensor1d(targets, 'int32'), logits.shape[1]) as tf.Tensor2D;
  const logNormalizer = tf.logSumExp(logits, -1); // [rows]
  return tf.mean(tf.sub(logNormalizer, tf.sum(tf.mul(logits, chosen), -1)));
}
