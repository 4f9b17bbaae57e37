/**
 * The cross-encoder's objectives, on the logits of packed pairs: cross-entropy for labels (KerasHub's BertClassifier,
 * sentence-transformers' CrossEntropyLoss), binary cross-entropy of one logit for scores (BinaryCrossEntropyLoss).
 * Columns: premise, hypothesis, label or score.
 *
 *   one logit x, score y in 0 … 1:  L = mean of max(x, 0) − x · y + log(1 + exp(−|x|)).
 */
import * as tf from '@tensorflow/tfjs';
import { crossEntropy } from './cross-entropy.ts';

/**
 * @param logits `[batch, labels]`
 * @param labels `[batch]` class numbers
 * @param smoothing label smoothing, 0 … <1
 * @returns a scalar ≥ 0
 */
export function labelLoss(logits: tf.Tensor2D, labels: tf.Tensor1D, smoothing: number): tf.Scalar {
  return crossEntropy(logits, labels, smoothing);
}

/**
 * @param logits `[batch, 1]`
 * @param scores `[batch]`, 0 … 1
 * @returns a scalar ≥ 0
 */
export function scoreLoss(logits: tf.Tensor2D, scores: tf.Tensor1D): tf.Scalar {
  const x = logits.flatten();
  const rest = tf.log1p(tf.exp(tf.neg(tf.abs(x))));
  return tf.mean(tf.add(tf.sub(tf.relu(x), tf.mul(x, scores)), rest));
}
