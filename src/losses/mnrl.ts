/**
 * MultipleNegativesRanking (Henderson et al. 2017, https://arxiv.org/abs/1705.00652; sentence-transformers'
 * MultipleNegativesRankingLoss): each anchor must rank its own positive above all others of the batch and above every
 * hard negative. Columns: anchor, positive, any number of negatives.
 *
 *   L = mean over i of −log( exp(s · cos(aᵢ, cᵢ)) / Σⱼ exp(s · cos(aᵢ, cⱼ)) ),  candidates c = positives, then negatives.
 *
 * Symmetric (MultipleNegativesSymmetricRankingLoss): the mean of that and of the same with anchors and positives exchanged.
 */
import * as tf from '@tensorflow/tfjs';
import { rankingLoss } from '../kernels/similarity/ranking-loss.ts';

/**
 * @param anchors `[batch, hidden]`
 * @param candidates first the positives `[batch, hidden]`, row by row those of the anchors, then any hard negatives `[batch, hidden]` each
 * @param scale what cosines are multiplied by; 1 / temperature
 * @returns a scalar ≥ 0
 */
export function multipleNegativesRanking(
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D[],
  scale: number,
  symmetric = false,
): tf.Scalar {
  return rankingLoss(anchors, tf.concat(candidates, 0), scale, { symmetric });
}
