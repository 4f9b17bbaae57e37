/** Embedsmith's own training step, through the functions that its trainer calls. */
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { defaultConfig } from '../../../src/contract/catalogue.ts';
import { packBatch } from '../../../src/data/token-batch.ts';
import { startBackend } from '../../../src/kernels/backend.ts';
import { currentDispatcher } from '../../../src/kernels/device/webgpu.ts';
import { linear } from '../../../src/kernels/linear/linear.ts';
import type { WasmBuilds } from '../../../src/kernels/wasm/wasm-backend.ts';
import { createParameters, disposeParameters } from '../../../src/model/parameters.ts';
import { lossAndGradients, type StepBatch } from '../../../src/training/gradients.ts';
import { createStepper } from '../../../src/training/stepper.ts';
import { forgetPeak, peakBytes } from '../gpu-meter.ts';
import { encoderConfig, randomWeights } from '../models.ts';
import { inTurn, type Workload } from '../workload.ts';
import { type Engine, optimizerSettings, type Session } from './engine.ts';
import { matmulRate, profileKernels, readName, startWasmOnce, sumByKernel, timeSteps } from './tfjs.ts';

/** On WebGPU a fresh device, whose first step compiles everything, and which holds nothing of another workload. */
async function start(backend: 'webgpu' | 'wasm', builds: WasmBuilds): Promise<GPUDevice | null> {
  if (backend === 'wasm') await startWasmOnce(builds);
  else await startBackend(backend, builds);
  await tf.setBackend(backend);
  const engine = tf.backend();
  return engine instanceof WebGPUBackend ? engine.device : null;
}

/** Gives the device and all that is on it back. */
function end(device: GPUDevice | null): void {
  if (!device) return;
  tf.removeBackend('webgpu');
  device.destroy();
}

async function prepare(backend: 'webgpu' | 'wasm', builds: WasmBuilds, workload: Workload): Promise<Session> {
  const device = await start(backend, builds);
  if (device) forgetPeak(device);
  const { learningRate, weightDecay, maxGradNorm, scale } = optimizerSettings;
  const { pairs, dropout } = workload;
  const config = { ...defaultConfig, batchSize: pairs, dropout, weightDecay, maxGradNorm, scale };
  const encoder = encoderConfig(workload.model);
  const model = { config: encoder, parameters: createParameters(randomWeights(encoder)) };
  const stepper = createStepper(model, config);
  const batches = workload.batches.map((rows): StepBatch => {
    const tokens = packBatch(rows.map((ids) => ({ ids, types: new Int32Array(ids.length) })));
    return { tokens, size: pairs, targets: new Float32Array(pairs) };
  });
  const train = (number: number) =>
    stepper.step([inTurn(batches, number)], { step: number + 1, learningRate }).then(({ loss }) => loss);
  return {
    run: async (steps, first) => {
      await tf.setBackend(backend);
      return timeSteps(steps, first, async (number) => {
        if (number === 0) await stepper.prepare(batches.slice(0, 1), () => {});
        return train(number);
      });
    },
    peakBytes: async () => (device ? peakBytes(device) : null),
    kernelTimes: async () => {
      await tf.setBackend(backend);
      const gpu = currentDispatcher();
      if (!gpu) return profileKernels(() => train(1));
      let done: Promise<number> | null = null;
      const times = await gpu.measure(() => {
        // What a recording holds is not measured, so its kernels run once more; clip and update are never recorded.
        const { loss, gradients } = lossAndGradients(model, batches[0]!, config, 1);
        tf.dispose([loss, ...gradients.values()]);
        done = train(0);
      });
      await done;
      return sumByKernel(times.map(({ name, nanoseconds }) => ({ name, milliseconds: nanoseconds / 1e6 })));
    },
    dispose: async () => {
      await tf.setBackend(backend);
      stepper.dispose();
      disposeParameters(model.parameters);
      end(device);
    },
  };
}

/** @returns null where there is no adapter */
export async function createEmbedsmith(backend: 'webgpu' | 'wasm', builds: WasmBuilds): Promise<Engine | null> {
  const named = await readName(backend, builds);
  if (!named) return null;
  return {
    name: 'embedsmith',
    backend,
    ...named,
    prepare: (workload) => prepare(backend, builds, workload),
    matmulPeak: async () => {
      const device = await start(backend, builds);
      const rate = await matmulRate(named.software ? 512 : 4096, (size) => {
        const bias = tf.zeros([size]) as tf.Tensor1D;
        return (a, b) => linear(a, b, bias);
      });
      end(device);
      return rate;
    },
  };
}
