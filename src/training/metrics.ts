/** What a step is worth saying: figures under the names of the charts. */
import * as tf from '@tensorflow/tfjs';
import type { StepMetrics } from '../contract/run.ts';
import { currentDispatcher } from '../kernels/device/webgpu.ts';
import type { StepBatch } from './gradients.ts';
import type { StepResult } from './step.ts';

/** @param bytes of memory that the stepper takes; what tfjs has besides, for evaluations, is added on WebGPU */
export function measureStep(
  result: StepResult,
  batches: readonly StepBatch[],
  learningRate: number,
  seconds: number,
  bytes: number,
): StepMetrics {
  const sentences = batches.reduce((sum, { tokens }) => sum + tokens.rows, 0);
  const realTokens = batches.reduce((sum, { tokens }) => sum + tokens.tokens, 0);
  const { numTensors } = tf.memory();
  return {
    'train/loss': result.loss,
    'train/learning_rate': learningRate,
    'train/grad_norm': result.gradNorm,
    ...(result.lossScale !== null && { 'train/loss_scale': result.lossScale }),
    'speed/sentences_per_second': sentences / seconds,
    'speed/tokens_per_second': realTokens / seconds,
    'speed/step_seconds': seconds,
    'memory/tensors': numTensors,
    'memory/bytes': bytes + (currentDispatcher()?.backend.bufferManager.numBytesAllocated ?? 0),
  };
}
