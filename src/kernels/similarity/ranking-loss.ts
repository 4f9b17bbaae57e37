/**
 * Ranking among the candidates of a batch (the loss of MultipleNegativesRanking) from embeddings to the scalar, anchors
 * a `[n, width]` and candidates c `[m, width]`, m ≥ n, of which candidate i belongs to anchor i:
 *   lᵢⱼ = scale · âᵢ · ĉⱼ with x̂ = x / max(|x|, 10⁻¹²);   L = mean over i of log Σⱼ exp(lᵢⱼ) − lᵢᵢ;
 *   symmetric: the mean of that and of the same with anchors and the first n candidates exchanged.
 * Gradient: with D = dL/dl · scale,  daᵢ = (Σⱼ Dᵢⱼ ĉⱼ − (Σⱼ Dᵢⱼ âᵢ · ĉⱼ) âᵢ) / |aᵢ|, and dc likewise.
 */
import * as tf from '@tensorflow/tfjs';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { logSumExp } from './log-sum-exp.ts';
import { normalizeRows } from './normalize-rows.ts';
import { rankingGradient, rankingLossForward } from './ranking-loss-webgpu.ts';

/**
 * A · Bᵀ; its gradients are products that need no transposed operand but B's, which is cheap to transpose explicitly and
 * slow to leave to tfjs's WASM product.
 * @param a `[n, width]`
 * @param b `[m, width]`
 * @returns `[n, m]`
 */
export function innerProducts(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const [left, right, save] = args as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([left, right]);
    return {
      value: tf.matMul(left, tf.transpose(right)),
      gradFunc: (dy, saved) => {
        const [l, r] = saved as [tf.Tensor2D, tf.Tensor2D];
        return [tf.matMul(dy as tf.Tensor2D, r), tf.matMul(tf.transpose(dy as tf.Tensor2D), l)];
      },
    };
  });
  return op(a, b) as tf.Tensor2D;
}

/** The oracle, in operations of their own; differentiable. It is also what runs on WASM, whose products are fast. */
export function rankingLossReference(
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D,
  scale: number,
  symmetric: boolean,
): tf.Scalar {
  const [n, width] = anchors.shape;
  const a = tf.mul(normalizeRows(anchors), scale) as tf.Tensor2D;
  const c = normalizeRows(candidates);
  const logits = innerProducts(a, c); // [n, m]
  const own = tf.sum(tf.mul(a, c.slice([0, 0], [n, width])), -1); // [n]
  const forward = tf.mean(tf.sub(logSumExp(logits, -1), own)) as tf.Scalar;
  if (!symmetric) return forward;
  const backward = tf.mean(tf.sub(logSumExp(logits.slice([0, 0], [n, n]), 0), own));
  return tf.mul(tf.add(forward, backward), 0.5);
}

/**
 * @param anchors `[n, width]`
 * @param candidates `[m, width]`, m ≥ n; the first n are the anchors' own, row by row
 * @param scale what cosines are multiplied by, > 0
 * @returns a scalar ≥ 0
 */
export function rankingLoss(
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D,
  scale: number,
  { symmetric }: { symmetric: boolean },
): tf.Scalar {
  if (!hasKernel(rankingLossForward)) return rankingLossReference(anchors, candidates, scale, symmetric);
  const attributes = { scale, symmetric };
  const op = tf.customGrad((...args) => {
    const [a, c, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [value, ...rest] = runKernel(rankingLossForward, [a, c], attributes);
    save([a, c, ...rest]);
    return {
      value: value!,
      gradFunc: (dy, saved) =>
        runKernel(rankingGradient, [dy as tf.Tensor, ...(saved as tf.Tensor[])], attributes).slice(0, 2),
    };
  });
  return op(anchors, candidates) as tf.Scalar;
}
