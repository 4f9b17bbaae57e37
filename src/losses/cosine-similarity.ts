/**
 * Cosine-similarity regression (Reimers & Gurevych 2019, https://arxiv.org/abs/1908.10084; sentence-transformers'
 * CosineSimilarityLoss): L = mean over i of (cos(uᵢ, vᵢ) − yᵢ)². Columns: sentence1, sentence2, score.
 */
import * as tf from '@tensorflow/tfjs';
import { pairCosines } from '../model/similarity.ts';

/**
 * @param u `[batch, hidden]`
 * @param v `[batch, hidden]`
 * @param scores `[batch]` gold similarities, 0 … 1
 * @returns a scalar ≥ 0
 */
export function cosineSimilarityLoss(u: tf.Tensor2D, v: tf.Tensor2D, scores: tf.Tensor1D): tf.Scalar {
  return tf.mean(tf.square(tf.sub(pairCosines(u, v), scores)));
}
