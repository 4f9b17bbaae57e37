/**
 * Recorded training steps against the same steps without any recording: the same losses, norms and weights bit for bit for
 * every objective, whatever the batches' shapes; and against WASM.
 */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { objectives } from '../../src/contract/objectives.ts';
import { tokenCapacity } from '../../src/kernels/recording/buckets.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import type { StepBatch } from '../../src/training/gradients.ts';
import type { StepResult } from '../../src/training/step.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { type backends, expectNoFault, selectBackend } from '../support/backends.ts';
import { currentGpu } from '../support/kernel-variants.ts';
import { runEagerly, watchReplays } from '../support/replays.ts';
import { batchOf, type Case, cases, configOf, modelFor, nameOf } from '../support/training-cases.ts';

/** Examples of these lengths: one length, mixed ones of which two kinds need the same room, and fewer at the end. */
const uniform = Array(7).fill(6);
const mixed = [3, 9, 2, 11, 5, 7, 4];
const alike = [4, 8, 3, 10, 2, 9, 6];
const last = [5, 3, 8];
const plan = [mixed, alike, uniform, last, alike, mixed, last, uniform];

/** Each step's batches; none occurs twice. */
const batchesOf = (each: Case, steps: readonly (readonly number[])[]): StepBatch[][] =>
  steps.map((lengths, step) =>
    Array.from({ length: each.accumulated ?? 1 }, (_, part) =>
      batchOf(each, part === 0 ? lengths : lengths.slice(part), 10 * step + part),
    ),
  );

async function trainOn(
  backend: (typeof backends)[number],
  each: Case,
  { dropout, steps }: { dropout: number; steps: readonly (readonly number[])[] },
  afterStep: (step: number) => void = () => {},
): Promise<{ results: StepResult[]; weights: Map<string, Float32Array> }> {
  await selectBackend(backend);
  const model = await modelFor(each);
  const stepper = createStepper(model, configOf(each, dropout));
  const results: StepResult[] = [];
  for (const [i, batches] of batchesOf(each, steps).entries()) {
    results.push(await stepper.step(batches, { step: i + 1, learningRate: 3e-3 }));
    afterStep(i + 1);
  }
  const weights = new Map([...(await readParameters(model.parameters))].map(([name, { data }]) => [name, data]));
  stepper.dispose();
  disposeParameters(model.parameters);
  return { results, weights };
}

beforeEach(async () => {
  await selectBackend('webgpu');
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

test('every objective is among the cases, and the lengths need as much room as they are meant to', () => {
  expect(new Set(cases.map(({ objective }) => objective))).toEqual(new Set(Object.keys(objectives)));
  const room = (lengths: readonly number[], positions: number) =>
    tokenCapacity(positions * lengths.reduce((sum, n) => sum + n, 0));
  for (const positions of [1, 2, 3]) expect(room(mixed, positions)).toBe(room(alike, positions));
});

test.each(cases.map((each) => [nameOf(each), each] as const))(
  'replayed steps of %s are those without a recording, bit for bit',
  async (_, each) => {
    const { replays, poison } = watchReplays(currentGpu().device);
    const setting = { dropout: 0.1, steps: plan };
    const recorded = await trainOn('webgpu', each, setting, (step) => {
      if (step % 2 === 0) poison();
    });
    expect(replays()).toBeGreaterThanOrEqual(4);
    vi.restoreAllMocks();
    runEagerly();
    const eager = await trainOn('webgpu', each, setting);
    expect(recorded.results.every(({ loss, gradNorm }) => Number.isFinite(loss) && gradNorm > 0)).toBe(true);
    expect(recorded.results).toEqual(eager.results);
    expect(recorded.weights.size).toBeGreaterThan(30);
    expect(recorded.weights).toEqual(eager.weights);
  },
);

test.each(cases.map((each) => [nameOf(each), each] as const))('losses of %s are those of WASM', async (_, each) => {
  const setting = { dropout: 0, steps: [mixed, alike, last] };
  const { results } = await trainOn('webgpu', each, setting);
  const wanted = await trainOn('wasm', each, setting);
  for (const [i, { loss, gradNorm }] of results.entries()) {
    const { loss: wantedLoss, gradNorm: wantedNorm } = wanted.results[i]!;
    expect(Math.abs(loss - wantedLoss) / Math.abs(wantedLoss), `loss of step ${i + 1}`).toBeLessThan(1e-4);
    if (i === 0) expect(Math.abs(gradNorm - wantedNorm) / wantedNorm, 'norm of the first step').toBeLessThan(1e-4);
  }
});
