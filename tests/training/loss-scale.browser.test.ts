/** Training with a loss scale: where nothing overflows, the same as without, however a step's gradients come about. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lossScaling } from '../../src/kernels/update/loss-scale.ts';
import { arenaOf } from '../../src/kernels/update/parameter-arena.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import { createRecordedStepper } from '../../src/training/recorded-step.ts';
import type { StepResult } from '../../src/training/step.ts';
import { expectNoFault, selectBackend } from '../support/backends.ts';
import { currentGpu } from '../support/kernel-variants.ts';
import { batchOf, type Case, configOf, modelFor, nameOf } from '../support/training-cases.ts';

const cases: Case[] = [
  { objective: 'mnrl', positions: 2, options: { optimizer: 'sgd' } },
  { objective: 'mnrl', positions: 2, options: { recompute: 'yes', optimizer: 'sgd' } },
  { objective: 'cached-mnrl', positions: 2, options: { miniBatchSize: 5, optimizer: 'sgd' } },
  { objective: 'cosine-similarity', positions: 2, targets: [0, 0.5, 1], accumulated: 2, options: { optimizer: 'sgd' } },
];

async function trainOn(each: Case, scaled: boolean): Promise<{ results: StepResult[]; weights: Float32Array[] }> {
  const model = await modelFor(each);
  const config = configOf(each, 0.1);
  const stepper = createRecordedStepper(model, config, currentGpu(), arenaOf(model.parameters)!, new Map(), scaled);
  const results: StepResult[] = [];
  for (let step = 1; step <= 3; step++) {
    const batches = Array.from({ length: each.accumulated ?? 1 }, (_, part) =>
      batchOf(each, [3, 9, 2, 5], 10 * step + part),
    );
    results.push(await stepper.step(batches, { step, learningRate: 0.05 }));
  }
  const weights = [...(await readParameters(model.parameters)).values()].map(({ data }) => data);
  stepper.dispose();
  disposeParameters(model.parameters);
  return { results, weights };
}

beforeEach(async () => {
  await selectBackend('webgpu');
});
afterEach(async () => {
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

test.each(cases.map((each) => [nameOf(each), each] as const))('%s', async (_, each) => {
  const plain = await trainOn(each, false);
  const scaled = await trainOn(each, true);
  expect(plain.results.every(({ gradNorm, lossScale }) => gradNorm > 0 && lossScale === null)).toBe(true);
  // A power of 2 costs no bit.
  expect(scaled.results).toEqual(plain.results.map((result) => ({ ...result, lossScale: lossScaling.first })));
  expect(scaled.weights.length).toBeGreaterThan(30);
  expect(scaled.weights).toEqual(plain.weights);
});
