/**
 * Training steps on the WebGPU device. The forward and backward pass of a batch is recorded for each shape and replayed
 * from then on; gradients are added up in the arena, and clip and update are two dispatches. Nothing is awaited in a step.
 */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import type { Dispatcher } from '../kernels/device/dispatch.ts';
import { compileTuned, type TileStorage } from '../kernels/linear/tuner.ts';
import { tokenCapacity } from '../kernels/recording/buckets.ts';
import { Replayer } from '../kernels/recording/replayer.ts';
import { addScalar } from '../kernels/recording/rows.ts';
import { uploadArrays } from '../kernels/recording/step-arrays.ts';
import type { ParameterArena } from '../kernels/update/parameter-arena.ts';
import { classifyBatch } from '../model/classifier.ts';
import type { Model } from '../model/model.ts';
import { uploadTokens } from '../model/packed-tokens.ts';
import { DeviceOptimizer } from '../optimizer/device-optimizer.ts';
import {
  embed,
  type Gradients,
  gradientsOf,
  lossOf,
  type StepBatch,
  stepArrays,
  stepInputs,
  storageOf,
} from './gradients.ts';
import { type RunPart, recordedGradCache } from './recorded-grad-cache.ts';
import type { Stepper } from './step.ts';

/** A queue of more makes every step slower; of fewer, the device waits. */
const stepsInFlight = 2;

/** @throws Error where a gradient was not added in its place: an operation on parameters that is not ours */
function requireInPlace(gpu: Dispatcher, { gradients }: Gradients): void {
  for (const [name, gradient] of gradients) {
    if (!gpu.isView(gradient)) throw new Error(`the gradient of ${name} was not added in place`);
  }
}

/**
 * @param tiles remembers what was measured of the device
 * @param isScaled whether gradients have a loss scale, as those that pass through halves need
 */
export function createRecordedStepper(
  model: Model,
  config: RunConfig,
  gpu: Dispatcher,
  arena: ParameterArena,
  tiles: TileStorage,
  isScaled = storageOf(model, config) === 'float16',
): Stepper {
  const optimizer = new DeviceOptimizer(gpu, arena, config, model.config.num_hidden_layers, isScaled);
  const scaled = (loss: tf.Scalar) => optimizer.scaled(loss);
  const replayer = new Replayer(gpu);
  const addInPlace = (gradients: Gradients) => {
    requireInPlace(gpu, gradients);
    addScalar(gpu, gradients.loss, optimizer.loss);
  };
  const cache = recordedGradCache(model, config, gpu, scaled, addInPlace, () => replayer.dispose());

  /** Arrays of a batch whose loss counts `share`, and what is computed from them. */
  function plan(batch: StepBatch, step: number, part: number, share: number) {
    const capacity = tokenCapacity(batch.tokens.tokens);
    const arrays = { ...stepArrays(model, batch, config, step, part, capacity), share: Float32Array.of(share) };
    const compute = (tensors: ReturnType<typeof uploadArrays<typeof arrays>>) => {
      const inputs = stepInputs(model, arrays, tensors, config);
      const loss = () => {
        const whole = lossOf(model, inputs, config);
        return scaled(share === 1 ? whole : tf.mul(whole, tensors.share.reshape([])));
      };
      return gradientsOf(model, config, () => inputs, loss);
    };
    return { arrays, compute };
  }

  /** Adds up loss and gradients of all batches of a step, each part of it by `run`. */
  function addUp(batches: readonly StepBatch[], step: number, run: RunPart): void {
    if (config.objective === 'cached-mnrl') {
      cache.addUp(batches[0]!, step, run);
      return;
    }
    const total = batches.reduce((sum, { size }) => sum + size, 0);
    for (const [part, batch] of batches.entries()) {
      const share = batch.size / total;
      const { arrays, compute } = plan(batch, step, part, share);
      run(share === 1 ? 'whole' : 'shared', arrays, (tensors) => addInPlace(compute(tensors)));
    }
  }

  return {
    inFlight: stepsInFlight,
    get bytes() {
      return arena.bytes + optimizer.bytes + replayer.bytes + cache.bytes();
    },
    async prepare(batches, onProgress) {
      const body = () => {
        addUp(batches, 1, (_, arrays, compute) => compute(uploadArrays(arrays)));
        optimizer.runUpdate();
        // Evaluations have neither dropout nor halves.
        const tokens = uploadTokens(batches[0]!.tokens, model.config);
        if (config.objective === 'cross-encoder') classifyBatch(model, tokens, null);
        else embed(model, tokens, { ...config, precision: 'float32' }, null);
      };
      await compileTuned(gpu, body, tiles, onProgress);
    },
    step(batches, { step, learningRate }) {
      optimizer.begin();
      addUp(batches, step, (key, arrays, body) => replayer.run(key, arrays, body));
      return optimizer.update(learningRate);
    },
    save: () => optimizer.save(),
    restore: (saved) => optimizer.restore(saved),
    dispose() {
      optimizer.dispose();
      cache.dispose();
      replayer.dispose();
    },
  };
}
