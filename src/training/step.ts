/** One training step: forward, backward, clip, update. The heart. */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import { ByteMeter } from '../kernels/byte-meter.ts';
import { sumOfSquares } from '../kernels/update/sum-of-squares.ts';
import type { Model } from '../model/model.ts';
import { clipScale } from '../optimizer/clip.ts';
import { layerRate } from '../optimizer/layers.ts';
import {
  createOptimizer,
  disposeOptimizer,
  type OptimizerSnapshot,
  restoreOptimizer,
  saveOptimizer,
  stepOptimizer,
} from '../optimizer/optimizer.ts';
import { accumulate } from './add-gradients.ts';
import { cachedLossAndGradients } from './grad-cache.ts';
import { type Gradients, lossAndGradients, type StepBatch } from './gradients.ts';

/** The loss before the update, the gradients' norm before clipping, and their loss scale where they have one. */
export type StepResult = { loss: number; gradNorm: number; lossScale: number | null };

/** Trains a model, a step at a time. */
export type Stepper = {
  /** Steps that may be under way before the first of them is awaited. */
  inFlight: number;
  /** What weights, gradients, the optimiser and activations take of memory, at the most so far. */
  readonly bytes: number;
  /** Makes ready for batches like these, and for evaluations; what comes first is slow without. */
  prepare: (batches: readonly StepBatch[], onProgress: (done: number, total: number) => void) => Promise<void>;
  /**
   * Trains on one batch, or on several whose gradients are accumulated. Where loss or gradients are not finite, nothing
   * is updated: ever again, but where {@link isSkipped}.
   * @param step 1, 2, …; with the seed it fixes the dropout
   */
  step: (batches: readonly StepBatch[], at: { step: number; learningRate: number }) => Promise<StepResult>;
  /** The optimiser's memory, once every step under way is done. */
  save: () => Promise<OptimizerSnapshot>;
  /** Puts it back, before the first step. */
  restore: (optimizer: OptimizerSnapshot) => void;
  dispose: () => void;
};

function gradientsOfStep(model: Model, batches: readonly StepBatch[], config: RunConfig, step: number): Gradients {
  const [only, ...others] = batches;
  if (config.objective === 'cached-mnrl') return cachedLossAndGradients(model, only!, config, step);
  if (others.length === 0) return lossAndGradients(model, only!, config, step);
  return accumulate(
    batches.map((batch, part) => ({
      size: batch.size,
      compute: () => lossAndGradients(model, batch, config, step, part),
    })),
  );
}

/** Runs every operation as it comes: for backends that compute on the CPU. */
export function createEagerStepper(model: Model, config: RunConfig): Stepper {
  const optimizer = createOptimizer(config.optimizer);
  const meter = new ByteMeter([...model.parameters.values()].reduce((sum, { size }) => sum + 4 * size, 0));
  return {
    inFlight: 1,
    get bytes() {
      return meter.peak;
    },
    prepare: async () => {},
    async step(batches, { step, learningRate }) {
      const { figures, loss, gradients } = meter.within(() => {
        const { loss, gradients } = gradientsOfStep(model, batches, config, step);
        const figures = tf.tidy(() => tf.stack([loss, sumOfSquares([...gradients.values()])]));
        return { figures, loss, gradients };
      });
      const [lossValue, squares] = (await figures.data()) as Float32Array;
      return meter.within(() => {
        try {
          const result = { loss: lossValue!, gradNorm: Math.sqrt(squares!), lossScale: null };
          if (Number.isFinite(result.loss) && Number.isFinite(result.gradNorm)) {
            stepOptimizer(optimizer, model.parameters, gradients, {
              learningRate,
              weightDecay: config.weightDecay,
              momentum: config.momentum,
              gradientScale: clipScale(result.gradNorm, config.maxGradNorm),
              rateOf: (name) => layerRate(name, model.config.num_hidden_layers, config.layerDecay),
            });
          }
          return result;
        } finally {
          tf.dispose([figures, loss, ...gradients.values()]);
        }
      });
    },
    save: () => saveOptimizer(optimizer),
    restore: (saved) => restoreOptimizer(optimizer, model.parameters, saved),
    dispose: () => disposeOptimizer(optimizer),
  };
}
