/** What a step's gradients must be beside the goldens: the same by every way of taking them, and none for what is frozen. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultsFor, type RunConfig } from '../../src/contract/catalogue.ts';
import { packBatch, sliceBatch } from '../../src/data/token-batch.ts';
import type { Model } from '../../src/model/model.ts';
import { disposeParameters } from '../../src/model/parameters.ts';
import { accumulate } from '../../src/training/add-gradients.ts';
import { cachedLossAndGradients } from '../../src/training/grad-cache.ts';
import { type Gradients, lossAndGradients, type StepBatch } from '../../src/training/gradients.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { goldenBatch, goldenModel, goldenPair, reference } from '../support/golden.ts';

const { score, binary, klass, softmax_head, cross_encoder_head } = reference.inputs;
const size = score.length;

async function read({ loss, gradients }: Gradients): Promise<{ loss: number; gradients: Map<string, Float32Array> }> {
  const values = new Map<string, Float32Array>();
  for (const [name, gradient] of gradients) values.set(name, (await gradient.data()) as Float32Array);
  const [value] = await loss.data();
  tf.dispose([loss, ...gradients.values()]);
  return { loss: value!, gradients: values };
}

/** Both must hold the same parameters with the same gradients, relative to the largest of each. */
async function expectSame(found: Gradients, wanted: Gradients): Promise<void> {
  const [a, b] = [await read(found), await read(wanted)];
  expect(relativeError([a.loss], [b.loss])).toBeLessThan(1e-5);
  expect([...a.gradients.keys()]).toEqual([...b.gradients.keys()]);
  expect(b.gradients.size).toBeGreaterThan(30);
  const largest = Math.max(...[...b.gradients.values()].map((values) => Math.max(...values.map(Math.abs))));
  for (const [name, values] of b.gradients) {
    const difference = Math.max(...values.map((value, i) => Math.abs(value - a.gradients.get(name)![i]!)));
    // Where a gradient cancels, as a shared bias in a difference, only rounding is left of it.
    const scale = Math.max(1e-2 * largest, ...values.map(Math.abs));
    expect(difference / scale, name).toBeLessThan(3e-5);
  }
}

const textBatch = (texts: number[], targets: number[]): StepBatch => ({
  tokens: goldenBatch(...texts),
  size,
  targets: Float32Array.from(targets),
});

/** Examples `from` to `to` of a batch. */
function part({ tokens, targets, size: whole }: StepBatch, from: number, to: number): StepBatch {
  const positions = Array.from({ length: tokens.rows / whole }, (_, k) => k * whole);
  const rows = positions.flatMap((start) =>
    Array.from({ length: to - from }, (_, i) => sliceBatch(tokens, start + from + i, start + from + i + 1)),
  );
  return { size: to - from, targets: targets.slice(from, to), tokens: packBatch(rows) };
}

describe.each(backends)('on %s', (backend) => {
  let model: Model;
  beforeEach(async () => {
    await selectBackend(backend);
    model = await goldenModel();
  });
  afterEach(async () => {
    disposeParameters(model.parameters);
    await expectNoFault(backend);
  });

  test.each([
    [1, 'no'],
    [5, 'yes'],
    [7, 'no'],
    [64, 'yes'],
  ] as const)('GradCache in mini-batches of %i has the uncached gradients', async (miniBatchSize, symmetric) => {
    const batch = textBatch([0, 1, 2], Array(size).fill(0));
    const config: RunConfig = { ...defaultsFor('cached-mnrl'), symmetric, miniBatchSize, dropout: 0 };
    await expectSame(cachedLossAndGradients(model, batch, config, 1), lossAndGradients(model, batch, config, 1));
  });

  test('GradCache draws the same dropout in both of its passes', async () => {
    const batch = textBatch([0, 1], Array(size).fill(0));
    const config: RunConfig = { ...defaultsFor('cached-mnrl'), miniBatchSize: 4, dropout: 0.3 };
    const [first, again] = [
      await read(cachedLossAndGradients(model, batch, config, 3)),
      await read(cachedLossAndGradients(model, batch, config, 3)),
    ];
    expect(again).toEqual(first);
    const other = await read(cachedLossAndGradients(model, batch, config, 4));
    expect(other.loss).not.toBe(first.loss);
    // One mini-batch that holds all is the plain step with dropout: were the second pass dropped otherwise, its gradients would differ.
    const whole: RunConfig = { ...config, miniBatchSize: 64 };
    await expectSame(cachedLossAndGradients(model, batch, whole, 3), lossAndGradients(model, batch, whole, 3));
  });

  const decomposing = [
    ['cosine-similarity', [0, 1], score, undefined],
    ['contrastive', [0, 1], binary, undefined],
    ['triplet', [0, 1, 2], binary, undefined],
    ['softmax', [0, 1], klass, softmax_head],
    ['cross-encoder', [0], klass, cross_encoder_head],
  ] as const;

  test.each(decomposing)(
    'accumulated batches of %s have the gradients of the large one',
    async (objective, texts, targets, head) => {
      const whole = await goldenModel({ ...(head ? { head } : {}), pooler: objective === 'cross-encoder' });
      const config: RunConfig = { ...defaultsFor(objective), dropout: 0 };
      const batch = {
        ...textBatch([...texts], [...targets]),
        ...(objective === 'cross-encoder' ? { tokens: goldenPair() } : {}),
      };
      const bounds = [0, 1, 4, size];
      const parts = bounds.slice(1).map((to, i) => part(batch, bounds[i]!, to));
      expect(parts.map((each) => each.size)).toEqual([1, 3, 2]);
      const summed = accumulate(
        parts.map((each) => ({ size: each.size, compute: () => lossAndGradients(whole, each, config, 1) })),
      );
      await expectSame(summed, lossAndGradients(whole, batch, config, 1));
      disposeParameters(whole.parameters);
    },
  );

  test('frozen weights stay as they are, bit for bit; the others move', async () => {
    const before = new Map<string, Float32Array>();
    for (const [name, variable] of model.parameters) before.set(name, (await variable.data()).slice() as Float32Array);
    const config: RunConfig = { ...defaultsFor('mnrl'), freezeEmbeddings: 'yes', freezeLayers: 1, dropout: 0.1 };
    const stepper = createStepper(model, config);
    const batch = textBatch([0, 1], Array(size).fill(0));
    for (const step of [1, 2]) await stepper.step([batch], { step, learningRate: 1e-2 });
    stepper.dispose();
    let frozen = 0;
    for (const [name, variable] of model.parameters) {
      const after = await variable.data();
      if (name.startsWith('embeddings.') || name.startsWith('encoder.layer.0.')) {
        frozen++;
        expect(after, name).toEqual(before.get(name));
      } else if (!name.endsWith('key.bias')) expect(after, name).not.toEqual(before.get(name));
    }
    expect(frozen).toBe(5 + 16);
  });

  test('accumulation, GradCache and frozen layers leave no tensor behind', async () => {
    const batch = textBatch([0, 1], score);
    const configs: [RunConfig, number][] = [
      [{ ...defaultsFor('cached-mnrl'), miniBatchSize: 4, optimizer: 'sgd' }, 1],
      [{ ...defaultsFor('cosine-similarity'), freezeLayers: 1 }, 2],
    ];
    for (const [config, batches] of configs) {
      const stepper = createStepper(model, config);
      const counts: number[] = [];
      for (let step = 1; step <= 4; step++) {
        await stepper.step(Array(batches).fill(batch), { step, learningRate: 1e-3 });
        counts.push(tf.memory().numTensors);
      }
      expect(new Set(counts.slice(1)).size).toBe(1); // the optimiser's memory comes with the first step
      stepper.dispose();
    }
  });
});
