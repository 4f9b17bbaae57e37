/** Memory as predicted and as measured: within a tenth of each other, whatever model, batch and options. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultsFor, type RunConfig } from '../../src/contract/catalogue.ts';
import { type BatchSizes, type MemoryNeed, type ModelSizes, predictMemory } from '../../src/contract/memory.ts';
import { packBatch } from '../../src/data/token-batch.ts';
import { readConfig } from '../../src/model/config.ts';
import { type Model, sizesOf } from '../../src/model/model.ts';
import { createParameters, disposeParameters, parameterShapes } from '../../src/model/parameters.ts';
import type { StepBatch } from '../../src/training/gradients.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { backends, expectNoFault, selectBackend } from '../support/backends.ts';

const golden = { layers: 2, hidden: 32, intermediate: 64, heads: 4, vocabulary: 99, positions: 40, types: 2 };
const tiny = { layers: 2, hidden: 128, intermediate: 512, heads: 2, vocabulary: 3000, positions: 512, types: 2 };
const odd = { layers: 3, hidden: 66, intermediate: 150, heads: 3, vocabulary: 500, positions: 64, types: 0 };
const deep = { layers: 6, hidden: 64, intermediate: 256, heads: 4, vocabulary: 400, positions: 128, types: 2 };

type Sizes = Omit<ModelSizes, 'pooler' | 'halvable'>;

function randomModel(sizes: Sizes): Model {
  const json = {
    model_type: sizes.types > 0 ? 'bert' : 'distilbert',
    vocab_size: sizes.vocabulary,
    hidden_size: sizes.hidden,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    intermediate_size: sizes.intermediate,
    max_position_embeddings: sizes.positions,
    type_vocab_size: sizes.types || undefined,
  };
  const config = readConfig(json, 'random', () => []);
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed / 0x7fffffff - 0.5) / 5;
  };
  const tensors = [...parameterShapes(config)].map(([name, shape]) => {
    const data = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random);
    return [name, { shape, data }] as const;
  });
  return { config, parameters: createParameters(new Map(tensors)) };
}

/** Rows of `longest` tokens and, in turn, of fewer. */
function randomBatch({ size, positions }: { size: number; positions: number }, longest: number, sizes: Sizes) {
  const lengths = Array.from({ length: size * positions }, (_, i) => Math.max(2, longest - (i % 4)));
  const rows = lengths.map((length, i) => ({
    ids: Int32Array.from({ length }, (_, k) => (31 * i + 7 * k) % sizes.vocabulary),
    types: new Int32Array(length),
  }));
  const tokens = packBatch(rows);
  const batch: StepBatch = { tokens, size, targets: Float32Array.from({ length: size }, (_, i) => (i % 5) / 4) };
  const facts: BatchSizes = { size, positions, tokens: tokens.tokens, longest };
  return { batch, facts };
}

type Case = { name: string; sizes: Sizes; size: number; longest: number; options?: Partial<RunConfig> };

const cases: Case[] = [
  { name: 'golden', sizes: golden, size: 6, longest: 9 },
  { name: 'golden, larger', sizes: golden, size: 24, longest: 30 },
  { name: 'tiny', sizes: tiny, size: 8, longest: 12 },
  { name: 'tiny, longer', sizes: tiny, size: 16, longest: 40 },
  { name: 'tiny without dropout', sizes: tiny, size: 16, longest: 24, options: { dropout: 0 } },
  { name: 'tiny, SGD', sizes: tiny, size: 16, longest: 24, options: { optimizer: 'sgd' } },
  { name: 'tiny, SGD on few tokens', sizes: tiny, size: 2, longest: 4, options: { optimizer: 'sgd' } },
  { name: 'tiny, Adam on few tokens', sizes: tiny, size: 2, longest: 4, options: { optimizer: 'adam' } },
  { name: 'tiny, scores', sizes: tiny, size: 16, longest: 24, options: { objective: 'cosine-similarity' } },
  { name: 'tiny, CoSENT', sizes: tiny, size: 32, longest: 8, options: { objective: 'cosent' } },
  { name: 'tiny, not normalised', sizes: tiny, size: 16, longest: 24, options: { normalize: 'no' } },
  {
    name: 'tiny, GradCache',
    sizes: tiny,
    size: 32,
    longest: 16,
    options: { objective: 'cached-mnrl', miniBatchSize: 16 },
  },
  { name: 'tiny, frozen embeddings', sizes: tiny, size: 8, longest: 16, options: { freezeEmbeddings: 'yes' } },
  { name: 'odd', sizes: odd, size: 5, longest: 13 },
  { name: 'odd, larger', sizes: odd, size: 17, longest: 31 },
  { name: 'odd, without dropout', sizes: odd, size: 17, longest: 31, options: { dropout: 0 } },
  { name: 'deep', sizes: deep, size: 16, longest: 32 },
  { name: 'deep, recomputed', sizes: deep, size: 16, longest: 32, options: { recompute: 'yes' } },
  { name: 'golden, in halves', sizes: golden, size: 24, longest: 30, options: { precision: 'float16-storage' } },
  { name: 'tiny, in halves', sizes: tiny, size: 16, longest: 40, options: { precision: 'float16-storage' } },
  {
    name: 'tiny, in halves without dropout',
    sizes: tiny,
    size: 8,
    longest: 12,
    options: { precision: 'float16-storage', dropout: 0 },
  },
  {
    name: 'odd, in halves if it could be',
    sizes: odd,
    size: 17,
    longest: 31,
    options: { precision: 'float16-storage' },
  },
  { name: 'deep, in halves', sizes: deep, size: 16, longest: 32, options: { precision: 'float16-storage' } },
  {
    name: 'deep, in halves, recomputed',
    sizes: deep,
    size: 16,
    longest: 32,
    options: { precision: 'float16-storage', recompute: 'yes' },
  },
  { name: 'tiny, recomputed', sizes: tiny, size: 16, longest: 40, options: { recompute: 'yes' } },
];

test('batches of other lengths take no more than the longest', async () => {
  await selectBackend('webgpu');
  const bytesAfter = async (lengths: number[]) => {
    const model = randomModel(deep);
    const stepper = createStepper(model, defaultsFor('mnrl'));
    for (const [i, longest] of lengths.entries()) {
      const { batch } = randomBatch({ size: 8, positions: 2 }, longest, deep);
      await stepper.step([batch], { step: i + 1, learningRate: 1e-3 });
    }
    const { bytes } = stepper;
    stepper.dispose();
    disposeParameters(model.parameters);
    return bytes;
  };
  const alone = await bytesAfter([40]);
  // A recording has 256 KiB for uniforms, and inputs.
  expect(await bytesAfter([8, 16, 24, 32, 40])).toBeLessThan(alone + 2 ** 19);
  expect(await bytesAfter([40, 8, 32, 16, 24, 8])).toBeLessThan(alone + 4 * 2 ** 19);
  await expectNoFault('webgpu');
});

describe.each(backends)('on %s', (backend) => {
  beforeEach(async () => {
    await selectBackend(backend);
  });
  afterEach(() => expectNoFault(backend));

  async function measure({ sizes, size, longest, options }: Case): Promise<{ bytes: number; need: MemoryNeed }> {
    const config: RunConfig = { ...defaultsFor(options?.objective ?? 'mnrl'), ...options };
    const model = randomModel(sizes);
    const { batch, facts } = randomBatch({ size, positions: 2 }, longest, sizes);
    const stepper = createStepper(model, config);
    for (const step of [1, 2]) await stepper.step([batch], { step, learningRate: 1e-3 });
    const { bytes } = stepper;
    const modelSizes = sizesOf(model);
    stepper.dispose();
    disposeParameters(model.parameters);
    const device = { name: backend, software: true };
    return { bytes, need: predictMemory(modelSizes, config, facts, device) };
  }

  test.each(cases)('$name', async (each) => {
    const { bytes, need } = await measure(each);
    expect(need.total / bytes).toBeGreaterThan(0.9);
    expect(need.total / bytes).toBeLessThan(1.1);
    expect(need.weights + need.gradients + need.optimizer + need.activations).toBe(need.total);
  });

  test('recomputation takes much less, predicted and measured', async () => {
    const kept = await measure({ name: '', sizes: deep, size: 16, longest: 32 });
    const again = await measure({ name: '', sizes: deep, size: 16, longest: 32, options: { recompute: 'yes' } });
    expect(again.bytes).toBeLessThan(0.55 * kept.bytes);
    expect(again.need.total).toBeLessThan(0.55 * kept.need.total);
  });
});
