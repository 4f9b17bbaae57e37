/**
 * The AdamW step of one parameter (Loshchilov & Hutter 2019, as torch.optim.AdamW computes it):
 *   g ← s · g;  m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;
 *   p ← p − lr · (m / c₁ / (√(v / c₂) + ε) + decay · p),   c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ.
 */
import * as tf from '@tensorflow/tfjs';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineSimdKernel, forgetPacked } from '../wasm/wasm.ts';

const kernel = 'EmbedsmithAdamW';

export type AdamWStep = {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ. */
  correction1: number;
  correction2: number;
  /** Factor on the gradient, from clipping. */
  gradientScale: number;
};

/** The oracle: new parameter and moments, in stock operations. */
export function adamWReference(
  p: tf.Tensor,
  g: tf.Tensor,
  m: tf.Tensor,
  v: tf.Tensor,
  s: AdamWStep,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const scaled = tf.mul(g, s.gradientScale);
  const newM = tf.add(tf.mul(m, s.beta1), tf.mul(scaled, 1 - s.beta1));
  const newV = tf.add(tf.mul(v, s.beta2), tf.mul(tf.square(scaled), 1 - s.beta2));
  const direction = tf.div(tf.div(newM, s.correction1), tf.add(tf.sqrt(tf.div(newV, s.correction2)), s.epsilon));
  const newP = tf.sub(p, tf.mul(tf.add(direction, tf.mul(p, s.weightDecay)), s.learningRate));
  return [newP, newM, newV];
}

// Everything in place.
defineSimdKernel<AdamWStep>(
  kernel,
  () => [],
  (
    { simd, inputs, infos },
    { learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2, gradientScale },
  ) => {
    const size = tf.util.sizeFromShape(infos[0]!.shape);
    const [keep, stepSize] = [1 - learningRate * weightDecay, learningRate / correction1];
    const factors = [gradientScale, keep, stepSize, beta1, beta2, 1 - beta1, 1 - beta2, 1 / correction2, epsilon];
    simd.run('adamW', simd.partsFor(size), ...inputs, size, ...factors);
  },
);

/** Updates a parameter and its two moments, all of one shape, from its gradient. */
export function updateAdamW(
  p: tf.Variable,
  gradient: tf.Tensor,
  m: tf.Variable,
  v: tf.Variable,
  step: AdamWStep,
): void {
  tf.tidy(() => {
    if (hasKernel(kernel)) {
      runKernel(kernel, [p, gradient, m, v], step);
      forgetPacked(p);
      return;
    }
    const [newP, newM, newV] = adamWReference(p, gradient, m, v, step);
    p.assign(newP);
    m.assign(newM);
    v.assign(newV);
  });
}
