/**
 * Contrastive loss (Hadsell et al. 2006; sentence-transformers' ContrastiveLoss) on cosine distances d = 1 − cos(u, v):
 * pairs with y = 1 are pulled together, the others pushed apart until the margin. Columns: sentence1, sentence2, label 0/1.
 *
 *   L = ½ · mean over i of ( yᵢ dᵢ² + (1 − yᵢ) max(0, margin − dᵢ)² ).
 */
import * as tf from '@tensorflow/tfjs';
import { pairDistances } from '../model/similarity.ts';

/**
 * @param u `[batch, hidden]`
 * @param v `[batch, hidden]`
 * @param labels `[batch]`, 1 for pairs that mean the same and 0 for others
 * @param margin 0 … 2
 * @returns a scalar ≥ 0
 */
export function contrastiveLoss(u: tf.Tensor2D, v: tf.Tensor2D, labels: tf.Tensor1D, margin: number): tf.Scalar {
  const d = pairDistances(u, v, 'cosine');
  const positive = tf.mul(labels, tf.square(d));
  const negative = tf.mul(tf.sub(1, labels), tf.square(tf.relu(tf.sub(margin, d))));
  return tf.mul(tf.mean(tf.add(positive, negative)), 0.5);
}
