/** Whole runs on both backends: their events, seeds, stopping, and what they leave in memory. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/contract/run.ts';
import type { Model } from '../../src/model/model.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import { train } from '../../src/training/train.ts';
import { backends, expectNoFault, selectBackend } from '../support/backends.ts';
import { goldenModel } from '../support/golden.ts';
import { collect, config, createRun, examples, lossesOf } from '../support/made-up-runs.ts';

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

  if (backend === 'webgpu') {
    test('stopping while programs are compiled ends at once, and the model is as it was', async () => {
      const before = await readParameters(model.parameters);
      const control = new AbortController();
      const events: RunEvent[] = [];
      const options = { dropout: 0 }; // whose programs no run has compiled yet
      for await (const event of train(createRun(model, { options, stop: control.signal }))) {
        events.push(event);
        if (event.type === 'compiling') control.abort();
      }
      expect(events.map(({ type }) => type)).toEqual(['started', 'compiling', 'cancelled']);
      expect(await readParameters(model.parameters)).toEqual(before);
    });
  }

  test('a run evaluates first and last, lowers the loss and raises Spearman', async () => {
    const events = await collect(createRun(model));
    const compiling = events.filter(({ type }) => type === 'compiling');
    expect(compiling.length > 0).toBe(backend === 'webgpu');
    expect(events.slice(1, 1 + compiling.length)).toEqual(compiling); // between the start and the first evaluation
    const others = events.filter(({ type }) => type !== 'compiling');
    expect(others.map(({ type, step }) => `${type} ${step}`)).toEqual([
      'started 0',
      'evaluation 0',
      'step 1',
      'step 2',
      'evaluation 2',
      'step 3',
      'step 4',
      'evaluation 4',
      'step 5',
      'step 6',
      'evaluation 6',
      'finished 6',
    ]);
    const losses = lossesOf(events);
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    const end = events.at(-1)!;
    if (end.type !== 'finished') throw new Error('not finished');
    expect(end.reason).toBe('completed');
    expect(end.after.metrics['eval/spearman_cosine']!).toBeGreaterThan(end.before.metrics['eval/spearman_cosine']!);
    const rates = events.flatMap((event) => (event.type === 'step' ? [event.metrics['train/learning_rate']] : []));
    expect(rates).toEqual([0, 1, 0.8, 0.6, 0.4, 0.2].map((share) => expect.closeTo(share * config.learningRate, 12)));
  });

  test('the same seed gives the same losses bit for bit, another seed others', async () => {
    const first = lossesOf(await collect(createRun(model, { options: { evaluateEvery: 100 } })));
    for (const seed of [1, 2]) {
      const again = await goldenModel();
      const losses = lossesOf(await collect(createRun(again, { options: { seed, evaluateEvery: 100 } })));
      disposeParameters(again.parameters);
      expect(losses).toHaveLength(6);
      if (seed === 1) expect(losses).toEqual(first);
      else expect(losses).not.toEqual(first);
    }
  });

  test('dropout makes SimCSE’s two views differ, and they turn equal without it', async () => {
    const run = (dropout: number) =>
      collect(
        createRun(model, {
          listed: examples.map(({ texts }) => ({ texts: texts.slice(0, 1), target: 0 })),
          options: { objective: 'simcse', dropout, epochs: 1, learningRate: 1e-7, scale: 100, evaluateEvery: 100 },
        }),
      );
    const [without, with_] = [lossesOf(await run(0)), lossesOf(await run(0.5))];
    expect(with_[0]!).toBeGreaterThan(without[0]! + 0.1);
  });

  test('no tensor is left behind by any step or evaluation, and none by the run', async () => {
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    for await (const event of train(createRun(model))) {
      if (event.type === 'step' || event.type === 'evaluation') counts.push(tf.memory().numTensors);
    }
    expect(counts).toHaveLength(10);
    const moments = backend === 'wasm' ? 2 * model.parameters.size : 0; // on WebGPU they are no tensors
    expect(counts).toEqual([before, ...Array(9).fill(before + moments)]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('stopping ends after the step in progress, with an evaluation', async () => {
    const control = new AbortController();
    const events: RunEvent[] = [];
    for await (const event of train(createRun(model, { stop: control.signal }))) {
      events.push(event);
      if (event.type === 'step' && event.step === 3) control.abort();
    }
    expect(events.slice(-3).map(({ type, step }) => `${type} ${step}`)).toEqual([
      `step ${3 + ahead}`,
      `evaluation ${3 + ahead}`,
      `finished ${3 + ahead}`,
    ]);
    expect(events.at(-1)).toMatchObject({ reason: 'stopped' });
  });
});

test('WebGPU and WASM give the same losses without dropout', async () => {
  const losses: number[][] = [];
  for (const backend of backends) {
    await selectBackend(backend);
    const model = await goldenModel();
    losses.push(lossesOf(await collect(createRun(model, { options: { dropout: 0, epochs: 4, evaluateEvery: 100 } }))));
    disposeParameters(model.parameters);
  }
  expect(losses[0]).toHaveLength(12);
  for (const [i, loss] of losses[0]!.entries()) expect(Math.abs(losses[1]![i]! - loss) / loss).toBeLessThan(1e-3);
});
