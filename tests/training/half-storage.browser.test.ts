/** Whole training steps with hidden states of halves: recorded as without a recording, and near those with floats. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lossScaling } from '../../src/kernels/update/loss-scale.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import type { StepResult } from '../../src/training/step.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { expectNoFault, selectBackend } from '../support/backends.ts';
import { currentGpu } from '../support/kernel-variants.ts';
import { runEagerly, watchReplays } from '../support/replays.ts';
import { batchOf, type Case, cases, configOf, modelFor, nameOf } from '../support/training-cases.ts';

type Trained = { results: StepResult[]; weights: Map<string, Float32Array>; bytes: number };

async function train(each: Case, precision: 'float32' | 'float16-storage', afterStep = () => {}): Promise<Trained> {
  const model = await modelFor(each);
  const stepper = createStepper(model, { ...configOf(each, 0.1), precision });
  const results: StepResult[] = [];
  for (let step = 1; step <= 4; step++) {
    const batches = Array.from({ length: each.accumulated ?? 1 }, (_, part) =>
      batchOf(each, [3, 9, 2, 5, 7], 10 * (step % 2) + part),
    );
    results.push(await stepper.step(batches, { step, learningRate: 1e-3 }));
    afterStep();
  }
  const weights = new Map([...(await readParameters(model.parameters))].map(([name, { data }]) => [name, data]));
  const { bytes } = stepper;
  stepper.dispose();
  disposeParameters(model.parameters);
  return { results, weights, bytes };
}

beforeEach(() => selectBackend('webgpu'));
afterEach(async () => {
  vi.restoreAllMocks();
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

test.each(cases.map((each) => [nameOf(each), each] as const))('%s', async (_, each) => {
  const { replays, poison } = watchReplays(currentGpu().device);
  const recorded = await train(each, 'float16-storage', poison);
  expect(replays()).toBeGreaterThanOrEqual(2);
  vi.restoreAllMocks();
  runEagerly();
  const eager = await train(each, 'float16-storage');
  vi.restoreAllMocks();
  expect(recorded.results).toEqual(eager.results);
  expect(recorded.weights.size).toBeGreaterThan(30);
  expect(recorded.weights).toEqual(eager.weights);

  const floats = await train(each, 'float32');
  expect(recorded.bytes).toBeLessThan(floats.bytes);
  expect(recorded.weights, 'halves took part').not.toEqual(floats.weights);
  let skipped = 0;
  for (const [i, { loss, gradNorm, lossScale }] of recorded.results.entries()) {
    expect(lossScale, `step ${i + 1}`).toBe(lossScaling.first / 2 ** skipped);
    if (!Number.isFinite(gradNorm)) skipped++;
    // Losses part where weights do, and AdamW moves each by its gradient's sign at first, however small that is.
    if (skipped > 0 || i > 1) continue;
    const { loss: wanted, gradNorm: wantedNorm } = floats.results[i]!;
    expect(Math.abs(loss - wanted) / Math.max(1, Math.abs(wanted)), `loss of step ${i + 1}`).toBeLessThan(2e-3);
    expect(Math.abs(gradNorm - wantedNorm), `norm of step ${i + 1}`).toBeLessThan(0.03 * wantedNorm + 1e-4);
  }
  expect(skipped, 'steps that overflow').toBeLessThan(recorded.results.length);
});
