/** AdamW over a set of named parameters; its state is explicit, so that it can be saved and restored. */
import * as tf from '@tensorflow/tfjs';
import { updateAdamW } from '../kernels/adamw-update.ts';

export type AdamWOptions = { beta1: number; beta2: number; epsilon: number; weightDecay: number };

export type AdamWState = {
  /** Updates done. */
  step: number;
  /** First and second moments by parameter name, created at a parameter's first gradient. */
  moments: Map<string, { m: tf.Variable; v: tf.Variable }>;
};

export const adamWDefaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Biases and LayerNorm weights are not decayed (the usual grouping for BERT). */
function isDecayed(name: string): boolean {
  return !name.endsWith('bias') && !name.includes('LayerNorm');
}

export function createAdamW(): AdamWState {
  return { step: 0, moments: new Map() };
}

/**
 * One update of every parameter that has a gradient, in place.
 * @param gradients by parameter name
 * @param gradientScale factor on all gradients, from clipping
 */
export function stepAdamW(
  state: AdamWState,
  parameters: ReadonlyMap<string, tf.Variable>,
  gradients: ReadonlyMap<string, tf.Tensor>,
  {
    beta1,
    beta2,
    epsilon,
    weightDecay,
    learningRate,
    gradientScale,
  }: AdamWOptions & { learningRate: number; gradientScale: number },
): void {
  state.step++;
  for (const [name, gradient] of gradients) {
    const parameter = parameters.get(name)!;
    let moments = state.moments.get(name);
    if (!moments) {
      moments = tf.tidy(() => ({
        m: tf.variable(tf.zerosLike(parameter), false),
        v: tf.variable(tf.zerosLike(parameter), false),
      }));
      state.moments.set(name, moments);
    }
    updateAdamW(parameter, gradient, moments.m, moments.v, {
      learningRate,
      beta1,
      beta2,
      epsilon,
      weightDecay: isDecayed(name) ? weightDecay : 0,
      correction1: 1 - beta1 ** state.step,
      correction2: 1 - beta2 ** state.step,
      gradientScale,
    });
  }
}

export function disposeAdamW(state: AdamWState): void {
  for (const { m, v } of state.moments.values()) tf.dispose([m, v]);
  state.moments.clear();
}
