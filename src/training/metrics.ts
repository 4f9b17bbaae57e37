/** What a step is worth saying: figures under the names of the charts. */
import * as tf from '@tensorflow/tfjs';
import type { StepMetrics } from '../contract/run.ts';
import type { StepBatch, StepResult } from './step.ts';

export function measureStep(result: StepResult, batch: StepBatch, learningRate: number, seconds: number): StepMetrics {
  const realTokens = batch.tokens.lengths.reduce((sum, length) => sum + length, 0);
  const { numTensors, numBytes } = tf.memory();
  return {
    'train/loss': result.loss,
    'train/learning_rate': learningRate,
    'train/grad_norm': result.gradNorm,
    'speed/sentences_per_second': batch.tokens.rows / seconds,
    'speed/tokens_per_second': realTokens / seconds,
    'speed/step_seconds': seconds,
    'memory/tensors': numTensors,
    'memory/bytes': numBytes,
  };
}
