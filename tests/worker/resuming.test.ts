/** The engine continues a run from its checkpoint as if it had never ended, and refuses where data or model are others. */
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { wasmBuilds } from '../../src/cli/wasm-builds.ts';
import { defaultConfig, type RunConfig } from '../../src/contract/catalogue.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { createMemoryStore } from '../../src/files/file-store.ts';
import { createDatasets } from '../../src/worker/datasets.ts';
import { createEngine } from '../../src/worker/engine.ts';

const config: RunConfig = {
  ...defaultConfig,
  batchSize: 8,
  epochs: 2,
  evaluateEvery: 3,
  checkpointEvery: 2,
  learningRate: 1e-3,
};

/** An engine as a page opens it; those before it are of no use any more, because the backend is one for all. */
async function open(word = 'answer', hear: (event: RunEvent) => void = () => {}) {
  const events: RunEvent[] = [];
  const engine = createEngine((event) => {
    events.push(event);
    hear(event);
  });
  await engine.start('wasm', wasmBuilds);
  const { files, name } = readModel('embedsmith-tiny');
  engine.load(files, name);
  const datasets = createDatasets();
  const lines = Array.from({ length: 40 }, (_, i) => `question ${i},${word} ${i}`);
  await datasets.read('train', new File([['sentence1,sentence2', ...lines].join('\n')], 'pairs.csv'), {});
  return { engine, events, data: datasets.prepare(config) };
}

const before = async () => {};

const losses = (events: RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [[event.step, event.metrics['train/loss']]] : []));

test('a run that was cut off continues in another engine, to the same losses and figures', async () => {
  const unbroken = await open();
  await unbroken.engine.run('a', config, unbroken.data);
  const all = losses(unbroken.events);
  expect(all.length).toBeGreaterThan(6);
  const csv = unbroken.engine.resultsCsv('similarity');
  expect(csv.split('\n').length).toBeGreaterThan(4);

  const store = createMemoryStore();
  const first = await open();
  await first.engine.run('b', config, first.data, { store, resume: false, before });
  const saved = first.events.filter(({ type }) => type === 'saved').map(({ step }) => step);
  expect(saved).toEqual(expect.arrayContaining([2, 4, 6, 8]));
  expect(losses(first.events)).toEqual(all);

  const second = await open();
  await second.engine.run('b', config, second.data, { store, resume: true, before });
  const from = saved.at(-1)!;
  expect(second.events[0]).toMatchObject({ type: 'started', step: from });
  expect(losses(second.events)).toEqual(all.slice(from));
  expect(second.engine.resultsCsv('similarity')).toBe(csv);
});

test('a paused run is saved as it stands, whatever the pace of checkpoints', async () => {
  const rare = { ...config, checkpointEvery: 0, evaluateEvery: 100 };
  const unbroken = await open();
  await unbroken.engine.run('a', rare, unbroken.data);
  const all = losses(unbroken.events);

  const store = createMemoryStore();
  const first = await open('answer', ({ type, step }) => {
    if (type === 'step' && step === 3) first.engine.pause();
    if (type === 'paused') ended();
  });
  let ended = () => {};
  const paused = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const running = first.engine.run('b', rare, first.data, { store, resume: false, before });
  await paused;
  const [saved, rest] = first.events.slice(-2);
  expect([saved?.type, rest?.type]).toEqual(['saved', 'paused']);
  const { step } = rest!;
  expect(step).toBeGreaterThanOrEqual(3);
  expect(step).toBeLessThan(all.length);
  expect(losses(first.events)).toEqual(all.slice(0, step));
  first.engine.stop();
  await running;

  const second = await open();
  await second.engine.run('b', rare, second.data, { store, resume: true, before });
  expect(second.events[0]).toMatchObject({ type: 'started', step });
  expect(losses(second.events)).toEqual(all.slice(step));
});

test('opened again in another engine, a run’s weights give its worst pairs, its files and its cosines', async () => {
  const first = await open();
  await first.engine.run('a', config, first.data);
  const { tensors, state } = await first.engine.weights();
  const records = first.events.flatMap((event) =>
    event.type === 'evaluation' ? [{ epoch: 0, step: event.step, report: event.report }] : [],
  );
  const worst = first.engine.predictions(5);
  expect(worst.length).toBeGreaterThan(2);
  const texts = ['question 1', 'answer 2'] as const;
  const pair = await first.engine.trials.pair(texts, config);

  const second = await open();
  expect(() => second.engine.predictions(5)).toThrow('There is no evaluation yet');
  await second.engine.reopen(tensors, state, { config, data: second.data, records, step: 10 });
  expect(second.engine.predictions(5)).toEqual(worst);
  expect(second.engine.predictionsCsv()).toContain(worst[0]!.text1);
  expect(second.engine.resultsCsv('similarity').trim().split('\n')).toHaveLength(1 + records.length);
  expect(await second.engine.trials.pair(texts, config)).toEqual(pair);
});

test('it says what is missing or other', async () => {
  const store = createMemoryStore();
  const { engine, events, data } = await open();
  await engine.run('a', config, data, { store, resume: true, before });
  expect(events).toMatchObject([{ type: 'failed', problem: { code: 'checkpoint-missing' } }]);
  await engine.run('a', config, data, { store, resume: false, before });
  expect(events.at(-1)).toMatchObject({ type: 'finished' });
  const other = await open('reply');
  await other.engine.run('a', config, other.data, { store, resume: true, before });
  expect(other.events).toMatchObject([{ type: 'failed', problem: { code: 'checkpoint-data' } }]);
});
