/** One training step: forward, backward, clip, AdamW. The heart. */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import type { TokenBatch } from '../contract/tokens.ts';
import { sumOfSquares } from '../kernels/sum-of-squares.ts';
import { objectives } from '../losses/index.ts';
import { embedBatch, type Model } from '../model/model.ts';
import { type AdamWState, adamWDefaults, stepAdamW } from '../optimizer/adamw.ts';
import { clipScale } from '../optimizer/clip.ts';

/** A step's inputs: for each of the objective's text positions `size` rows, one position after the other. */
export type StepBatch = { tokens: TokenBatch; size: number };

export type StepResult = { loss: number; gradNorm: number };

/** Loss and the gradients by parameter name; parameters that the loss does not depend on have none. The caller disposes both. */
export function lossAndGradients(
  model: Model,
  batch: StepBatch,
  config: RunConfig,
  step: number,
): { loss: tf.Scalar; gradients: Map<string, tf.Tensor> } {
  const drop = config.dropout > 0 ? { rate: config.dropout, seed: config.seed, step } : null;
  const { value, grads } = tf.variableGrads(() => {
    const embeddings = embedBatch(model, batch.tokens, config.pooling, drop); // [positions · size, hidden]
    return objectives[config.objective].loss(tf.split(embeddings, embeddings.shape[0] / batch.size, 0), config);
  }, [...model.parameters.values()]);
  const gradients = new Map<string, tf.Tensor>();
  for (const [name, variable] of model.parameters) {
    const gradient = grads[variable.name];
    if (gradient) gradients.set(name, gradient);
  }
  return { loss: value, gradients };
}

/**
 * Trains on one batch. Where loss or gradients are not finite, nothing is updated.
 * @param step 1, 2, …; with the seed it fixes the dropout
 * @returns the batch's loss before the update, and the gradients' norm before clipping
 */
export async function trainStep(
  model: Model,
  optimizer: AdamWState,
  batch: StepBatch,
  config: RunConfig,
  { step, learningRate }: { step: number; learningRate: number },
): Promise<StepResult> {
  const { loss, gradients } = lossAndGradients(model, batch, config, step);
  const squares = sumOfSquares([...gradients.values()]);
  try {
    const figures = tf.tidy(() => tf.stack([loss, squares]));
    const [lossValue, squaresValue] = (await figures.data()) as Float32Array;
    figures.dispose();
    const result = { loss: lossValue!, gradNorm: Math.sqrt(squaresValue!) };
    if (Number.isFinite(result.loss) && Number.isFinite(result.gradNorm)) {
      const gradientScale = clipScale(result.gradNorm, config.maxGradNorm);
      stepAdamW(optimizer, model.parameters, gradients, {
        ...adamWDefaults,
        weightDecay: config.weightDecay,
        learningRate,
        gradientScale,
      });
    }
    return result;
  } finally {
    tf.dispose([loss, squares, ...gradients.values()]);
  }
}
