/**
 * What a run asks of recorded steps besides the right numbers: that shapes change, evaluations come between and recordings
 * go and return; that memory stays bounded; that a replay costs no work per operation; that a step may fail.
 */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultsFor, type RunConfig } from '../../src/contract/catalogue.ts';
import { embedSentences } from '../../src/evaluation/embed.ts';
import type { Dispatcher } from '../../src/kernels/device/dispatch.ts';
import { Replayer } from '../../src/kernels/recording/replayer.ts';
import type { Model } from '../../src/model/model.ts';
import { createParameters, disposeParameters, parameterShapes, readParameters } from '../../src/model/parameters.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { expectNoFault, selectBackend } from '../support/backends.ts';
import { goldenModel } from '../support/golden.ts';
import { normal } from '../support/gradients.ts';
import { currentGpu } from '../support/kernel-variants.ts';
import { runEagerly, watchReplays } from '../support/replays.ts';
import { makeBatch } from '../support/step-batches.ts';

let gpu: Dispatcher;
beforeEach(async () => {
  await selectBackend('webgpu');
  gpu = currentGpu();
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

const pairs = (lengths: readonly number[], seed: number) =>
  makeBatch(seed, { lengths, positions: 2, targets: [0], vocabulary: 60 });

/** `count` examples of mixed lengths. */
const lengthsOf = (count: number) => Array.from({ length: count }, (_, i) => 2 + ((5 * i) % 11));

const config: RunConfig = { ...defaultsFor('mnrl'), dropout: 0.1 };

const sentences = [5, 9, 3, 12].map((length, k) => Int32Array.from({ length }, (_, i) => (7 * i + k) % 60));

/** Buffers of the device that were made from now on and are not destroyed. */
function watchBuffers(): Set<GPUBuffer> {
  const live = new Set<GPUBuffer>();
  const create = gpu.device.createBuffer.bind(gpu.device);
  vi.spyOn(gpu.device, 'createBuffer').mockImplementation((descriptor) => {
    const buffer = create(descriptor);
    live.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      return destroy();
    };
    return buffer;
  });
  return live;
}

/** Trains on as many examples a step, with an evaluation after some of the steps. */
async function trainAndEvaluate(counts: readonly number[]) {
  const model = await goldenModel();
  const stepper = createStepper(model, config);
  const losses: number[] = [];
  const embeddings: Float32Array[] = [];
  for (const [i, count] of counts.entries()) {
    const at = { step: i + 1, learningRate: 3e-3 };
    losses.push((await stepper.step([pairs(lengthsOf(count), i)], at)).loss);
    if (i % 3 === 2) embeddings.push(await embedSentences(model, sentences, 'mean', true));
  }
  const weights = await readParameters(model.parameters);
  stepper.dispose();
  disposeParameters(model.parameters);
  return { losses, embeddings, weights };
}

test('shapes go back and forth, more of them than are kept, with evaluations between', async () => {
  const falling = [15, 14, 13, 12, 11, 10, 9, 7, 6, 5, 4, 3];
  // With the last two of these, 8 and 15 are forgotten; with 20, which is larger than any, all are.
  const counts = [16, 8, 16, 8, ...falling, 8, 3, 4, 16, 20, 16, 20, 16];
  const { replays } = watchReplays(gpu.device);
  const recorded = await trainAndEvaluate(counts);
  expect(replays()).toBe([16, 8].length + [3, 4, 16].length + [20, 16].length);
  vi.restoreAllMocks();
  runEagerly();
  const eager = await trainAndEvaluate(counts);
  expect(recorded.embeddings.length).toBeGreaterThan(6);
  expect(recorded).toEqual(eager);
});

test('a run leaves no buffer behind', async () => {
  const live = watchBuffers();
  await trainAndEvaluate([8, 4, 8, 20]);
  const kept = live.size; // those that tfjs keeps for later
  await trainAndEvaluate([8, 4, 8, 20]);
  expect(live.size).toBe(kept);
});

test('what many shapes keep is little more than what the largest needs', async () => {
  const pools: Replayer[] = [];
  const run = Replayer.prototype.run;
  vi.spyOn(Replayer.prototype, 'run').mockImplementation(function (this: Replayer, ...request) {
    if (!pools.includes(this)) pools.push(this);
    return run.apply(this, request);
  });
  const live = watchBuffers();
  const bytesAfter = async (counts: readonly number[]) => {
    const model = await goldenModel();
    const stepper = createStepper(model, config);
    const bytes: number[] = [];
    const buffers: number[] = [];
    for (const [i, count] of counts.entries()) {
      await stepper.step([pairs(lengthsOf(count), i)], { step: i + 1, learningRate: 1e-3 });
      bytes.push(pools.at(-1)!.bytes);
      buffers.push(live.size);
    }
    stepper.dispose();
    expect(pools.at(-1)!.bytes).toBe(0);
    disposeParameters(model.parameters);
    return { bytes, buffers };
  };
  const alone = (await bytesAfter([40])).bytes[0]!;
  // Up to the largest, in an order that is neither rising nor falling.
  const { bytes, buffers } = await bytesAfter(Array.from({ length: 60 }, (_, i) => 2 + ((17 * i) % 39)));
  const ownOfEach = 300_000; // mostly the uniforms
  expect(alone).toBeGreaterThan(5 * ownOfEach);
  expect(Math.max(...bytes)).toBeLessThan(1.1 * alone + 11 * ownOfEach);
  expect(Math.max(...buffers), 'buffers').toBeLessThan(300);
});

/** A model of BERT-base's depth, narrow, with made-up weights. */
async function deepModel(): Promise<Model> {
  const golden = await goldenModel();
  const deep = {
    ...golden.config,
    num_hidden_layers: 12,
    hidden_size: 24,
    num_attention_heads: 2,
    intermediate_size: 96,
  };
  disposeParameters(golden.parameters);
  const shapes = [...parameterShapes(deep)];
  const tensors = shapes.map(([name, shape], i) => {
    const mean = name.endsWith('LayerNorm.weight') ? 1 : 0;
    return [name, { shape, data: normal(shape, i, 0.05, mean).values }] as const;
  });
  return { config: deep, parameters: createParameters(new Map(tensors)) };
}

test('a replayed step runs a few hundred kernels at most, and makes nothing for each', async () => {
  const model = await deepModel();
  const stepper = createStepper(model, config);
  await stepper.step([pairs(lengthsOf(8), 1)], { step: 1, learningRate: 1e-3 });
  const { device } = gpu;
  const dispatches = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  const operations = vi.spyOn(tf.engine(), 'runKernel');
  const made = (['createBuffer', 'createBindGroup', 'createComputePipeline', 'createShaderModule'] as const).map(
    (name) => vi.spyOn(device, name),
  );
  const encoders = vi.spyOn(device, 'createCommandEncoder');
  const copies = vi.spyOn(GPUCommandEncoder.prototype, 'copyBufferToBuffer');
  const { loss } = await stepper.step([pairs(lengthsOf(8), 2)], { step: 2, learningRate: 1e-3 });
  expect(loss).toBeGreaterThan(0);
  expect(dispatches.mock.calls.length).toBeGreaterThan(12 * 10);
  // 25 a layer at the most; where products are summed in slices, each weight's gradient takes two.
  expect(dispatches.mock.calls.length).toBeLessThanOrEqual(300);
  // The figures, and nothing of the layers: their parameters are joined, and residual gradients added to, where they lie.
  expect(copies.mock.calls.length).toBeLessThanOrEqual(2);
  expect(operations).not.toHaveBeenCalled();
  // A buffer for the figures to be read from; bindings of clip and update.
  expect(made.map(({ mock }) => mock.calls.length)).toEqual([1, 2, 0, 0]);
  expect(encoders.mock.calls.length).toBeLessThanOrEqual(5);
  vi.restoreAllMocks();
  stepper.dispose();
  disposeParameters(model.parameters);
});

test('a step that fails in the middle leaves all as it was, and the next one runs', async () => {
  const losses: number[][] = [];
  for (const failing of [false, true]) {
    const model = await goldenModel();
    const stepper = createStepper(model, config);
    const step = (at: number, count: number) =>
      stepper.step([pairs(lengthsOf(count), at)], { step: at, learningRate: 3e-3 });
    const found = [(await step(1, 8)).loss];
    if (failing) {
      const live = watchBuffers();
      const before = live.size;
      let runs = 0;
      const run = gpu.run.bind(gpu);
      vi.spyOn(gpu, 'run').mockImplementation((...request) => {
        if (++runs === 20) throw new Error('in the middle');
        run(...request);
      });
      const tensors = tf.memory().numTensors;
      for (const _ of [1, 2]) {
        runs = 0;
        expect(() => step(2, 5)).toThrow('in the middle');
      }
      expect(tf.memory().numTensors).toBe(tensors);
      expect(live.size).toBe(before);
      vi.restoreAllMocks();
    }
    for (const [at, count] of [
      [2, 5],
      [3, 8],
      [4, 5],
    ] as const)
      found.push((await step(at, count)).loss);
    losses.push(found);
    stepper.dispose();
    disposeParameters(model.parameters);
  }
  expect(losses[1]).toEqual(losses[0]);
});

test('steps under way when the stepper is disposed still end', async () => {
  const model = await goldenModel();
  const awaited = createStepper(model, { ...config, optimizer: 'sgd' });
  const steps = [1, 2, 3].map((step) => awaited.step([pairs(lengthsOf(6), step)], { step, learningRate: 1e-3 }));
  awaited.dispose();
  const results = await Promise.all(steps);
  expect(results.every(({ loss, gradNorm }) => loss > 0 && gradNorm > 0)).toBe(true);
  expect(new Set(results.map(({ loss }) => loss)).size).toBe(3);
  disposeParameters(model.parameters);
});
