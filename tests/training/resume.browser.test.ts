/** A run that continues from a snapshot gives the losses, evaluations and weights of an unbroken one, bit for bit. */
import { describe, expect, test } from 'vitest';
import { defaultConfig, type RunConfig } from '../../src/contract/catalogue.ts';
import type { EvaluationReport, RunEvent } from '../../src/contract/run.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import { packSnapshot, type RunSnapshot, unpackSnapshot } from '../../src/training/snapshot.ts';
import { train } from '../../src/training/train.ts';
import { backends, expectNoFault, selectBackend } from '../support/backends.ts';
import { columnsOf } from '../support/examples.ts';
import { goldenModel } from '../support/golden.ts';

/** Better at step 4 than ever after. */
const report = (value: number): EvaluationReport => ({
  primary: 'eval/spearman_cosine',
  metrics: { 'eval/spearman_cosine': value },
  pairs: 1,
  distributions: null,
  confusion: null,
});
const values = [0.1, 0.3, 0.7, 0.5, 0.6, 0.2];

/** As a file gives it back. */
const throughJson = (snapshot: RunSnapshot): RunSnapshot => {
  const { tensors, state } = packSnapshot(snapshot);
  const copies = new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
  return unpackSnapshot(copies, JSON.parse(JSON.stringify(state)));
};

/** The events of a run of ten steps of three epochs, evaluated every second; its snapshots, and its weights. */
async function run(options: Partial<RunConfig>, from: RunSnapshot | null = null) {
  const model = await goldenModel();
  const snapshots: RunSnapshot[] = [];
  const events: RunEvent[] = [];
  let evaluations = from ? from.evaluatedAt / 2 + 1 : 0;
  const stream = train({
    runId: 'test',
    model,
    config: {
      ...defaultConfig,
      batchSize: 4,
      epochs: 2,
      evaluateEvery: 2,
      checkpointEvery: 3,
      learningRate: 3e-3,
      ...options,
    },
    examples: columnsOf(Array.from({ length: 20 }, (_, i) => ({ texts: [`${2 * i}`, `${2 * i + 1}`], target: 0 }))),
    rows: { row: (n) => ({ ids: Int32Array.from([1, 5 + n, 9, 2].slice(n % 2)), types: new Int32Array(4 - (n % 2)) }) },
    evaluate: async () => report(values[evaluations++ % values.length]!),
    evaluationPairs: 1,
    stop: new AbortController().signal,
    fault: () => null,
    from,
    save: async (snapshot) => snapshots.push(throughJson(snapshot)) > 0,
  });
  for await (const event of stream) events.push(event);
  const weights = await readParameters(model.parameters);
  disposeParameters(model.parameters);
  return { events, snapshots, weights };
}

const losses = (events: RunEvent[]) =>
  events.flatMap(({ step, ...event }) =>
    event.type === 'step' ? [[step, event.metrics['train/loss'], event.metrics['train/grad_norm']]] : [],
  );
const others = (events: RunEvent[], after: number) =>
  events.flatMap(({ type, step }) =>
    type !== 'step' && type !== 'compiling' && step > after ? [`${type} ${step}`] : [],
  );

describe.each(backends)('on %s', (backend) => {
  test.each([
    ['AdamW, dropout, the best weights kept', { keep: 'best' }],
    ['SGD with momentum, layers frozen', { optimizer: 'sgd', momentum: 0.9, freezeLayers: 1 }],
    ['accumulated batches', { objective: 'cosine-similarity', batchSize: 2, accumulation: 2 }],
    ['a large batch in mini-batches', { objective: 'cached-mnrl', batchSize: 4, miniBatchSize: 2 }],
  ] satisfies [string, Partial<RunConfig>][])('%s', async (_, options) => {
    await selectBackend(backend);
    const unbroken = await run(options);
    const steps = losses(unbroken.events);
    expect(steps).toHaveLength(10);
    // At each multiple of three, and at the best evaluations: those after 2 and 4 steps.
    expect(unbroken.snapshots.map(({ step }) => step)).toEqual([2, 3, 4, 6, 9]);
    expect(unbroken.events.filter(({ type }) => type === 'saved').map(({ step }) => step)).toEqual([2, 3, 4, 6, 9]);
    for (const from of unbroken.snapshots) {
      const resumed = await run(options, from);
      expect(resumed.events[0]).toMatchObject({ type: 'started', step: from.step, totalSteps: 10 });
      expect(losses(resumed.events)).toEqual(steps.slice(from.step));
      expect(others(resumed.events, from.step)).toEqual(others(unbroken.events, from.step));
      const { seconds: _a, ...end } = unbroken.events.at(-1) as RunEvent & { type: 'finished' };
      const { seconds: _b, ...resumedEnd } = resumed.events.at(-1) as RunEvent & { type: 'finished' };
      expect(resumedEnd).toEqual(end);
      expect(resumed.weights).toEqual(unbroken.weights);
    }
    await expectNoFault(backend);
  });
});
