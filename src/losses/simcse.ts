/**
 * Unsupervised SimCSE (Gao et al. 2021, https://arxiv.org/abs/2104.08821): a sentence's two embeddings under different
 * dropout are a positive pair, the rest of the batch are negatives. Columns: text. Two forms are in use:
 *  - two-view (princeton-nlp/SimCSE): each first view against all second views, as MultipleNegativesRanking;
 *  - interleaved (bert4keras): all 2B views against each other, a view's own diagonal masked.
 */
import * as tf from '@tensorflow/tfjs';
import { cosineMatrix } from '../model/similarity.ts';
import { crossEntropy } from './cross-entropy.ts';
import { multipleNegativesRanking } from './mnrl.ts';

/**
 * @param first `[batch, hidden]`
 * @param second `[batch, hidden]`, the same sentences under other dropout
 * @param scale 1 / temperature
 * @returns a scalar ≥ 0
 */
export function simcseTwoView(first: tf.Tensor2D, second: tf.Tensor2D, scale: number): tf.Scalar {
  return multipleNegativesRanking(first, [second], scale);
}

/** The same arguments and result as {@link simcseTwoView}; the mean goes over all 2 · batch views. */
export function simcseInterleaved(first: tf.Tensor2D, second: tf.Tensor2D, scale: number): tf.Scalar {
  const batch = first.shape[0];
  const views = tf.concat([first, second], 0); // [2 · batch, hidden]: the partner of view i is i ± batch
  const self = tf.mul(tf.eye(2 * batch), 1e12);
  const logits = tf.sub(tf.mul(cosineMatrix(views, views), scale), self) as tf.Tensor2D;
  const partners = tf.concat([tf.range(batch, 2 * batch), tf.range(0, batch)]) as tf.Tensor1D;
  return crossEntropy(logits, partners);
}
