/**
 * Training steps on the WebGPU device. The forward and backward pass of a batch is recorded for each shape and replayed
 * from then on; gradients are added up in the arena, and clip and update are two dispatches. Nothing is awaited in a step.
 */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import type { Dispatcher } from '../kernels/device/dispatch.ts';
import { tokenCapacity } from '../kernels/recording/buckets.ts';
import { Replayer } from '../kernels/recording/replayer.ts';
import { addScalar } from '../kernels/recording/rows.ts';
import { uploadArrays } from '../kernels/recording/step-arrays.ts';
import type { ParameterArena } from '../kernels/update/parameter-arena.ts';
import type { Model } from '../model/model.ts';
import { uploadTokens } from '../model/packed-tokens.ts';
import { DeviceOptimizer } from '../optimizer/device-optimizer.ts';
import { embed, type Gradients, gradientsOf, lossOf, type StepBatch, stepArrays, stepInputs } from './gradients.ts';
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

export function createRecordedStepper(
  model: Model,
  config: RunConfig,
  gpu: Dispatcher,
  arena: ParameterArena,
): Stepper {
  const optimizer = new DeviceOptimizer(gpu, arena, config, model.config.num_hidden_layers);
  const replayer = new Replayer(gpu);
  const addInPlace = (gradients: Gradients) => {
    requireInPlace(gpu, gradients);
    addScalar(gpu, gradients.loss, optimizer.loss);
  };
  const cache = recordedGradCache(model, config, gpu, addInPlace, () => replayer.dispose());

  /** Arrays of a batch whose loss counts `share`, and what is computed from them. */
  function plan(batch: StepBatch, step: number, part: number, share: number) {
    const capacity = tokenCapacity(batch.tokens.tokens);
    const arrays = { ...stepArrays(model, batch, config, step, part, capacity), share: Float32Array.of(share) };
    const compute = (tensors: ReturnType<typeof uploadArrays<typeof arrays>>) => {
      const inputs = stepInputs(model, arrays, tensors, config);
      const loss = () => {
        const whole = lossOf(model, inputs, config);
        return share === 1 ? whole : (tf.mul(whole, tensors.share.reshape([])) as tf.Scalar);
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
        // Evaluations embed without dropout; a cross-encoder's compute as its steps do.
        if (config.objective === 'cross-encoder') return;
        embed(model, uploadTokens(batches[0]!.tokens, model.config), config, null);
      };
      await gpu.compile(body, onProgress);
    },
    step(batches, { step, learningRate }) {
      optimizer.begin();
      addUp(batches, step, (key, arrays, body) => replayer.run(key, arrays, body));
      return optimizer.update(learningRate);
    },
    dispose() {
      optimizer.dispose();
      cache.dispose();
      replayer.dispose();
    },
  };
}
