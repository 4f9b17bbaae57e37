/** What is prepared is compiled: the first step of every objective compiles nothing, and nor do steps with other tokens. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Dispatcher } from '../../src/kernels/device/dispatch.ts';
import { Pipelines } from '../../src/kernels/device/pipelines.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { expectNoFault, selectBackend } from '../support/backends.ts';
import { currentGpu } from '../support/kernel-variants.ts';
import { batchOf, cases, configOf, modelFor, nameOf } from '../support/training-cases.ts';

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

test.each(cases.map((each) => [nameOf(each), each] as const))(
  'nothing is compiled in the first step of %s once it is prepared',
  async (_, each) => {
    // As if the device were new.
    Object.assign(gpu, { pipelines: new Pipelines(gpu.device) });
    Object.assign(gpu.backend, { pipelineCache: {} });
    const model = await modelFor(each);
    const before = await readParameters(model.parameters);
    const stepper = createStepper(model, configOf(each, 0.1));
    const parts = each.accumulated ?? 1;
    const batches = Array.from({ length: parts }, (_, part) =>
      batchOf(each, [13, 19, 12, 21, 15, 17, 14].slice(part), part),
    );
    const compiled = vi.spyOn(gpu.device, 'createComputePipeline');
    const begun = vi.spyOn(gpu.device, 'createComputePipelineAsync');
    await stepper.prepare(batches, () => {});
    const programs = begun.mock.calls.length;
    expect(programs).toBeGreaterThan(15);
    expect(await readParameters(model.parameters)).toEqual(before);
    const labels = () => compiled.mock.calls.map(([{ label }]) => label);
    const { loss } = await stepper.step(batches, { step: 1, learningRate: 1e-3 });
    expect(loss).toBeGreaterThan(0);
    expect(labels()).toEqual([]);
    expect(begun).toHaveBeenCalledTimes(programs);
    // As many examples with other tokens: what stock operations run depends on the former at most.
    const other = Array.from({ length: parts }, (_, part) =>
      batchOf(each, [12, 9, 12, 11, 10, 7, 12].slice(part), part),
    );
    await stepper.step(other, { step: 2, learningRate: 1e-3 });
    expect(labels()).toEqual([]);
    expect(await readParameters(model.parameters)).not.toEqual(before);
    stepper.dispose();
    disposeParameters(model.parameters);
  },
);
