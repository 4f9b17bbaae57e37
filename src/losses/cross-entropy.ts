/** The softmax cross-entropy that the ranking objectives and the classifiers share. */
import * as tf from '@tensorflow/tfjs';
import { logSumExp } from '../kernels/similarity/log-sum-exp.ts';

/**
 * Mean of −Σ q · log softmax(logits) over the rows; q is 1 at the target, or with smoothing 1 − ε there plus ε / classes
 * everywhere (Szegedy et al. 2016, as torch.nn.functional.cross_entropy).
 * @param logits `[rows, classes]`
 * @param targets `[rows]` float32, class numbers
 * @param smoothing ε, 0 … <1
 * @returns a scalar
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D, smoothing = 0): tf.Scalar {
  const classes = logits.shape[1];
  const isTarget = tf.equal(targets.reshape([-1, 1]), tf.range(0, classes).reshape([1, classes]));
  const chosen = tf.cast(isTarget, 'float32') as tf.Tensor2D; // [rows, classes]
  const wanted = smoothing === 0 ? chosen : tf.add(tf.mul(chosen, 1 - smoothing), smoothing / classes);
  const logNormalizer = logSumExp(logits, -1); // [rows]
  return tf.mean(tf.sub(logNormalizer, tf.sum(tf.mul(logits, wanted), -1)));
}
