/** Runs that end by what goes wrong: a loss that is not finite, a device that fails, memory that runs out. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProblemError } from '../../src/contract/problems.ts';
import type { Model } from '../../src/model/model.ts';
import { disposeParameters, writeParameters } from '../../src/model/parameters.ts';
import { train } from '../../src/training/train.ts';
import { backends, expectNoFault, selectBackend } from '../support/backends.ts';
import { goldenModel } from '../support/golden.ts';
import { createRun } from '../support/made-up-runs.ts';

describe.each(backends)('on %s', (backend) => {
  let model: Model;
  /** Steps that are under way when one's event comes. */
  const ahead = backend === 'webgpu' ? 1 : 0;

  beforeEach(async () => {
    await selectBackend(backend);
    model = await goldenModel();
  });
  afterEach(async () => {
    disposeParameters(model.parameters);
    await expectNoFault(backend);
  });

  test('a loss that is not finite ends the run, names the step and leaves the last good weights', async () => {
    const poisoned = 'encoder.layer.0.output.dense.bias';
    const { shape, size } = model.parameters.get(poisoned)!;
    const infinite = { shape, data: new Float32Array(size).fill(Number.POSITIVE_INFINITY) };
    const watched = model.parameters.get('encoder.layer.1.output.dense.weight')!;
    let good: Uint8Array | Float32Array | Int32Array | undefined;
    const run = async () => {
      for await (const event of train(createRun(model, { options: { evaluateEvery: 100 } }))) {
        if (event.type !== 'step' || event.step !== 2) continue;
        good = await watched.data();
        writeParameters(model.parameters, new Map([[poisoned, infinite]]));
      }
    };
    const error = await run().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error.problem).toMatchObject({ code: 'loss-not-finite', params: { step: 3 + ahead } });
    expect(error.message).toContain(`step ${3 + ahead}`);
    expect(await watched.data()).toEqual(good);
  });

  test('a fault of the device ends the run with a sentence', async () => {
    let steps = 0;
    const fault = () => (steps >= 2 ? ({ kind: 'lost', reason: 'unplugged' } as const) : null);
    const run = async () => {
      for await (const event of train(createRun(model, { fault, options: { evaluateEvery: 100 } }))) {
        if (event.type === 'step') steps++;
      }
    };
    await expect(run()).rejects.toThrow(/lost at step 3: unplugged/);
  });

  test('memory that runs out ends the run with what would fit', async () => {
    let steps = 0;
    const fault = () => (steps >= 2 ? ({ kind: 'memory', reason: 'too much' } as const) : null);
    const run = async () => {
      for await (const event of train(createRun(model, { fault, options: { evaluateEvery: 100 } }))) {
        if (event.type === 'step') steps++;
      }
    };
    const error = await run().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error.message).toContain('memory at step 3, with batches of 8.');
    expect(error.message).toMatch(/A batch size of [2-7] should fit\./);
  });
});
