/**
 * Online contrastive loss (sentence-transformers' OnlineContrastiveLoss): as the contrastive loss, but only the hard pairs
 * of the batch count, positives farther than the nearest negative and negatives nearer than the farthest positive.
 * Columns: sentence1, sentence2, label 0/1.
 *
 *   L = Σ over hard positives of d² + Σ over hard negatives of max(0, margin − d)²;  d = 1 − cos(u, v).
 *
 * With one negative or none the bar for positives is the mean of the positives, and the other way round.
 */
import * as tf from '@tensorflow/tfjs';
import { pairDistances } from '../model/similarity.ts';

/** Farther than any cosine distance. */
const far = 1e3;

/** 1 where a pair is hard, 0 elsewhere; no gradient goes through the choice. */
function chooseHard(distances: tf.Tensor1D, positive: tf.Tensor1D): tf.Tensor1D {
  const choose = tf.customGrad((input) => {
    const d = input as tf.Tensor1D;
    const negative = tf.sub(1, positive);
    const positives = tf.sum(positive);
    const negatives = tf.sum(negative);
    const meanOf = (mask: tf.Tensor, count: tf.Tensor) => tf.div(tf.sum(tf.mul(d, mask)), tf.maximum(count, 1));
    const nearestNegative = tf.min(tf.add(d, tf.mul(positive, far)));
    const farthestPositive = tf.max(tf.sub(d, tf.mul(negative, far)));
    const positiveBar = tf.where(tf.greater(negatives, 1), nearestNegative, meanOf(positive, positives));
    const negativeBar = tf.where(tf.greater(positives, 1), farthestPositive, meanOf(negative, negatives));
    const hardPositive = tf.mul(positive, tf.cast(tf.greater(d, positiveBar), 'float32'));
    const hardNegative = tf.mul(negative, tf.cast(tf.less(d, negativeBar), 'float32'));
    return { value: tf.add(hardPositive, hardNegative), gradFunc: () => tf.zerosLike(d) };
  });
  return choose(distances) as tf.Tensor1D;
}

/**
 * @param u `[batch, hidden]`
 * @param v `[batch, hidden]`
 * @param labels `[batch]`, 1 for pairs that mean the same and 0 for others
 * @param margin 0 … 2
 * @returns a scalar ≥ 0
 */
export function onlineContrastiveLoss(u: tf.Tensor2D, v: tf.Tensor2D, labels: tf.Tensor1D, margin: number): tf.Scalar {
  const d = pairDistances(u, v, 'cosine');
  const pulled = tf.mul(labels, tf.square(d));
  const pushed = tf.mul(tf.sub(1, labels), tf.square(tf.relu(tf.sub(margin, d))));
  return tf.sum(tf.mul(chooseHard(d, labels), tf.add(pulled, pushed)));
}
