/** What Try asks of a model: the same cosines on every way, before, during and after a run, without touching the run. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { wasmBuilds } from '../../src/cli/wasm-builds.ts';
import { defaultsFor, type RunConfig } from '../../src/contract/catalogue.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { createDatasets } from '../../src/worker/datasets.ts';
import { createEngine } from '../../src/worker/engine.ts';
import { chooseBatch } from '../../src/worker/try/matrix.ts';

const lines = readFileSync(new URL('../../public/samples/scored-en.csv', import.meta.url), 'utf8').split('\n');
const config: RunConfig = { ...defaultsFor('cosent'), batchSize: 16, epochs: 2, heldOutShare: 0.25, evaluateEvery: 2 };
const texts = ['where is my parcel', 'my package has not arrived', 'please cancel the order', 'opening hours'];

async function open(objective: RunConfig['objective'] = 'cosent', rows = 60) {
  const events: RunEvent[] = [];
  const heard: number[] = [];
  let pauseAt = -1;
  const engine = createEngine(
    (event) => {
      events.push(event);
      if (event.type === 'step' && event.step === pauseAt) engine.pause();
    },
    { onProgress: ({ done, total }) => heard.push(done / total) },
  );
  await engine.start('wasm', wasmBuilds);
  const { files, name } = readModel('embedsmith-tiny');
  engine.load(files, name);
  const datasets = createDatasets();
  await datasets.read('train', new File([lines.slice(0, rows + 1).join('\n')], 'table.csv'), {});
  const used: RunConfig = { ...config, objective };
  const data = datasets.prepare(used);
  const losses = () => events.flatMap((event) => (event.type === 'step' ? [event.metrics['train/loss']] : []));
  const until = async (type: RunEvent['type']) => {
    while (!events.some((event) => event.type === type)) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const pauseAfter = (step: number) => {
    pauseAt = step;
  };
  return { engine, data, config: used, losses, until, pauseAfter, events, heard };
}

test('a ranking has the cosines of its pairs, and finds the query itself', async () => {
  const { engine, heard } = await open();
  const ranking = await engine.trials.rank({ query: texts[0]!, texts }, config);
  expect(ranking).toMatchObject({ kind: 'cosine', labels: null });
  expect(ranking!.now[0]).toBeCloseTo(1, 6);
  expect(ranking!.before).toEqual(ranking!.now);
  for (const [i, text] of texts.entries()) {
    const pair = await engine.trials.pair([texts[0]!, text], config);
    expect(pair!.now).toBeCloseTo(ranking!.now[i]!, 6);
  }
  expect(heard.at(-1)).toBe(1);
});

test('questions in a pause leave the run as it would have been, and see its weights', async () => {
  const plain = await open();
  await plain.engine.run('plain', plain.config, plain.data);

  const asked = await open();
  const { engine, data } = asked;
  const fresh = await engine.trials.rank({ query: texts[0]!, texts }, asked.config);
  asked.pauseAfter(3);
  const running = engine.run('asked', asked.config, data);
  await expect(engine.trials.rank({ query: 'a', texts }, asked.config)).rejects.toMatchObject({
    problem: { code: 'run-busy' },
  });
  await asked.until('paused');
  const paused = await engine.trials.rank({ query: texts[0]!, texts }, asked.config);
  expect(paused!.before).toEqual(fresh!.now);
  expect(paused!.now).not.toEqual(fresh!.now);
  const matrix = await engine.trials.matrix(4, data, asked.config);
  expect(matrix!.pairs.length).toBeGreaterThan(1);
  const cross = await engine.trials.pair([matrix!.pairs[0]!.first, matrix!.pairs[1]!.second], asked.config);
  expect(matrix!.now[1]).toBeCloseTo(cross!.now as number, 6);
  const before = await engine.trials.map('pca', data, asked.config);
  expect(before!.frames.length).toBeGreaterThan(1);
  engine.resume();
  await running;
  expect(asked.losses()).toEqual(plain.losses());
  expect(plain.losses().length).toBeGreaterThan(3);

  const after = await engine.trials.map('pca', data, asked.config);
  const evaluated = asked.events.flatMap((event) => (event.type === 'evaluation' ? [event.step] : []));
  expect(after!.frames.map(({ step }) => step)).toEqual(evaluated);
  expect(after!.pairs).toHaveLength(data.evaluation.listed);
  for (const { positions } of after!.frames) expect(positions).toHaveLength(2 * after!.texts.length);
  expect(after!.frames[0]!.positions).not.toEqual(after!.frames.at(-1)!.positions);
});

test('the map of a run is that of its embeddings', async () => {
  const { engine, data, config: used } = await open();
  await engine.run('run', used, data);
  const logged = await engine.trials.map('pca', data, used);
  const fresh = await open();
  const still = await fresh.engine.trials.map('pca', data, used);
  expect(still!.frames.map(({ step }) => step)).toEqual([0]);
  expect(still!.texts).toEqual(logged!.texts);
  const spread = (positions: Float32Array) => positions.reduce((sum, value) => sum + value * value, 0);
  expect(spread(still!.frames[0]!.positions)).toBeGreaterThan(0.01);
  expect(logged!.explained![0]).toBeGreaterThan(logged!.explained![1]);
});

test('a batch has pairs that mean the same, no text twice', () => {
  const pair = (first: string, second: string, gold: number | string | null) => ({ first, second, gold });
  const pairs = [
    pair('a', 'b', 1),
    pair('c', 'd', 0.1),
    pair('a', 'e', 1),
    pair('f', 'g', null),
    pair('h', '', null),
    pair('i', 'j', 'label'),
    pair('k', 'l', 0.9),
  ];
  expect(chooseBatch(pairs, 3).map(({ first }) => first)).toEqual(['a', 'f', 'i']);
  expect(chooseBatch(pairs, 9)).toHaveLength(4);
});

test('a question that is ended gives null, and the next one is answered', async () => {
  const { engine } = await open();
  const many = Array.from({ length: 2000 }, (_, i) => `sentence number ${i} of many`);
  const asking = engine.trials.rank({ query: 'a', texts: many }, config);
  await new Promise((resolve) => setTimeout(resolve));
  await engine.trials.stop();
  expect(await asking).toBeNull();
  const ranking = await engine.trials.rank({ query: 'a', texts }, config);
  expect(ranking!.now).toHaveLength(4);
});

test('a cross-encoder ranks by its scores, and has no map', async () => {
  const { engine, data, config: used } = await open('cross-encoder');
  await engine.run('run', used, data);
  const ranking = await engine.trials.rank({ query: texts[0]!, texts }, used);
  expect(ranking).toMatchObject({ kind: 'score', labels: null, before: null });
  const pair = await engine.trials.pair([texts[0]!, texts[2]!], used);
  expect(ranking!.now[2]).toBeCloseTo(pair!.now as number, 6);
  await expect(engine.trials.map('pca', data, used)).rejects.toMatchObject({ problem: { code: 'no-embeddings' } });
  await expect(engine.trials.matrix(3, data, used)).rejects.toMatchObject({ problem: { code: 'no-embeddings' } });
});

test('beside the cosine, the softmax objective’s classifier says of a pair what it said in the evaluation', async () => {
  const { engine, config: used } = await open('softmax');
  const datasets = createDatasets();
  const labelled = lines.slice(1, 61).map((line, i) => line.replace(/[^,]*$/, ['yes', 'no', 'maybe'][i % 3]!));
  await datasets.read('train', new File([['sentence1,sentence2,label', ...labelled].join('\n')], 'labelled.csv'), {});
  expect(await engine.trials.pair([texts[0]!, texts[1]!], used)).toMatchObject({ kind: 'cosine', classes: null });
  await engine.run('run', used, datasets.prepare(used));
  const judged = engine.predictions(5);
  expect(judged).toHaveLength(5);
  for (const { text1, text2, gold, predicted, error } of judged) {
    const pair = await engine.trials.pair([text1, text2], used);
    if (pair?.kind !== 'cosine' || !pair.classes) throw new Error('no label probabilities');
    const { labels, now } = pair.classes;
    expect(now.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(labels[now.indexOf(Math.max(...now))]).toBe(predicted);
    expect(1 - now[labels.indexOf(String(gold))]!).toBeCloseTo(error, 5);
  }
});

test('tokens carry their ids, unknown ones the word they stand for, and what is cut is marked', async () => {
  const { engine } = await open();
  const { pieces, maxLength } = engine.trials.tokens('Untranslatable 快递 🦄，words', { ...config, maxLength: 8 });
  expect(maxLength).toBe(8);
  expect(pieces[0]).toMatchObject({ piece: '[CLS]', kind: 'special', cut: false });
  expect(pieces.at(-1)).toMatchObject({ piece: '[SEP]', kind: 'special', cut: false });
  expect(pieces.filter(({ kind }) => kind === 'unknown').map(({ source }) => source)).toEqual(['🦄']);
  expect(pieces.map(({ piece }) => piece)).toEqual(expect.arrayContaining(['快', '递']));
  const seen = pieces.filter(({ cut }) => !cut);
  expect(seen).toHaveLength(8);
  expect(pieces.length).toBeGreaterThan(8);
  expect(pieces.slice(seen.length - 1, -1).every(({ cut }) => cut)).toBe(true);
});
