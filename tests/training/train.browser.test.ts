/** Whole runs on both backends: their events, seeds, stopping, failure, and what they leave in memory. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultConfig, type RunConfig } from '../../src/contract/catalogue.ts';
import { ProblemError } from '../../src/contract/problems.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { createTokenCache } from '../../src/data/token-cache.ts';
import { createTokenStore, cutChunk, tokenizeChunk } from '../../src/data/token-store.ts';
import type { Tokenizer } from '../../src/data/tokenizer.ts';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import type { Model } from '../../src/model/model.ts';
import { disposeParameters, readParameters, writeParameters } from '../../src/model/parameters.ts';
import { type TrainingRun, train } from '../../src/training/train.ts';
import { evaluationDataOf } from '../../src/worker/evaluation-data.ts';
import { backends, expectNoFault, selectBackend } from '../support/backends.ts';
import { columnsOf, type ListedExample } from '../support/examples.ts';
import { goldenModel } from '../support/golden.ts';

/** A made-up language in which a sentence and its partner share no token: only training can tell that they belong together. */
const sentence = (topic: number, view: 0 | 1) => {
  const first = (view ? 68 : 40) + topic;
  return String.fromCharCode(first, 64, first, 65, ...(topic % 2 ? [66] : []));
};

const examples = Array.from({ length: 24 }, (_, i) => ({ texts: [sentence(i, 0), sentence(i, 1)], target: 0 }));

/** One token a character, between [CLS] = 1 and [SEP] = 2. */
const tokenizer: Tokenizer = {
  vocabulary: [],
  unknown: 0,
  frame: { before: 0, after: 0 },
  encode: (text, _, partner) => {
    const ids = (part: string) => [...Array.from(part, (c) => c.charCodeAt(0) - 35), 2];
    const [first, second] = [[1, ...ids(text)], partner === undefined ? [] : ids(partner)];
    return {
      ids: Int32Array.of(...first, ...second),
      types: Int32Array.of(...first.map(() => 0), ...second.map(() => 1)),
    };
  },
};

const config: RunConfig = {
  ...defaultConfig,
  batchSize: 8,
  epochs: 2,
  learningRate: 3e-3,
  evaluateEvery: 2,
  maxLength: 16,
};

type Changes = Partial<Omit<TrainingRun, 'examples'>> & { listed?: ListedExample[]; options?: Partial<RunConfig> };

function createRun(model: Model, { listed = examples, options, ...changes }: Changes = {}): TrainingRun {
  const columns = columnsOf(listed);
  const encode = createTokenCache(tokenizer, 16);
  const used = { ...config, ...options };
  const positives = examples.slice(0, 10).map(({ texts }) => texts);
  const pairs = [...positives, ...positives.map(([first], i) => [first!, examples[i + 5]!.texts[1]!])];
  const evaluation = evaluationDataOf(
    {
      sentence1: pairs.map(([first]) => first!),
      sentence2: pairs.map(([, second]) => second!),
      gold: Float64Array.from(pairs, (_, i) => (i < positives.length ? 1 : 0)),
      kind: 'graded',
      listed: pairs.length,
      negatives: [],
      labels: null,
    },
    null,
    encode,
  );
  return {
    runId: 'test',
    model,
    config: used,
    examples: columns,
    rows: createTokenStore([tokenizeChunk(tokenizer, cutChunk(columns, false, 0), 16)]),
    evaluate: async () => (await evaluate(model, evaluation, used)).report,
    evaluationPairs: pairs.length,
    stop: new AbortController().signal,
    fault: () => null,
    from: null,
    save: null,
    ...changes,
  };
}

async function collect(run: TrainingRun): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of train(run)) events.push(event);
  return events;
}

const lossesOf = (events: RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [event.metrics['train/loss']] : []));

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

test('an invalid shader is noticed, not taken for zeros', async () => {
  const { fault } = await selectBackend('webgpu');
  const { defineGpuKernel } = await import('../../src/kernels/device/webgpu.ts');
  const { runKernel } = await import('../../src/kernels/run-kernel.ts');
  defineGpuKernel('Broken', (gpu, [x]) => {
    const y = gpu.create(x!.shape);
    const code = 'this is no WGSL;';
    gpu.run(
      { name: 'broken', buffers: { x: 'read f32', y: 'write f32' }, uniforms: {}, code },
      { x: x!, y },
      {},
      [1, 1, 1],
    );
    return [y];
  });
  const x = tf.ones([4]);
  const [y] = runKernel('Broken', [x]);
  await y!.data();
  expect(fault()?.kind).toBe('error');
  tf.dispose([x, y!]);
});
