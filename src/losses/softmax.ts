/**
 * SBERT's classification objective (Reimers & Gurevych 2019; sentence-transformers' SoftmaxLoss): a linear layer on
 * (u, v, |u − v|) predicts the label. Columns: premise, hypothesis, label.
 *
 *   L = cross-entropy( W · (u, v, |u − v|) + b, label ).
 */
import type * as tf from '@tensorflow/tfjs';
import { linear } from '../kernels/linear/linear.ts';
import { pairFeatures } from '../model/similarity.ts';
import { crossEntropy } from './cross-entropy.ts';

/** A linear classifier: weight `[labels, inputs]`, bias `[labels]`. */
export type Head = { weight: tf.Tensor2D; bias: tf.Tensor1D };

/**
 * @param u `[batch, width]`, width at most the head's inputs / 3
 * @param v `[batch, width]`
 * @param labels `[batch]` class numbers
 * @param head over 3 · hidden inputs
 * @param smoothing label smoothing, 0 … <1
 * @returns a scalar ≥ 0
 */
export function softmaxLoss(
  u: tf.Tensor2D,
  v: tf.Tensor2D,
  labels: tf.Tensor1D,
  head: Head,
  smoothing: number,
): tf.Scalar {
  const features = pairFeatures(u, v, head.weight.shape[1] / 3);
  return crossEntropy(linear(features, head.weight, head.bias), labels, smoothing);
}
