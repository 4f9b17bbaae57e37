/** Every kind of model that a run can end in: exported, loaded again, it says the very same. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { wasmBuilds } from '../../src/cli/wasm-builds.ts';
import type { Trial } from '../../src/contract/calls.ts';
import { defaultsFor, type RunConfig } from '../../src/contract/catalogue.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { unzipModelFiles } from '../../src/files/model-files.ts';
import { createDatasets } from '../../src/worker/datasets.ts';
import { createEngine } from '../../src/worker/engine.ts';

/** Forty scored pairs of the sample; as labels: alike, neither, different. */
function makeTable(kind: 'score' | 'label'): File {
  const [, ...lines] = readFileSync(new URL('../../public/samples/scored-en.csv', import.meta.url), 'utf8').split('\n');
  const rows = lines.slice(0, 60).map((line) => {
    const at = line.lastIndexOf(',');
    const score = Number(line.slice(at + 1));
    return [
      line.slice(0, at),
      kind === 'score' ? score : score > 3.5 ? 'alike' : score > 1.5 ? 'neither' : 'different',
    ];
  });
  return new File([[`sentence1,sentence2,${kind}`, ...rows.map((row) => row.join(','))].join('\n')], 'table.csv');
}

function numbersOf(trial: Trial | null): { before: number[] | null; now: number[] } {
  if (!trial) throw new Error('no answer');
  if (trial.kind === 'classes') return trial;
  return { before: trial.before === null ? null : [trial.before], now: [trial.now] };
}

type Case = [name: string, table: 'score' | 'label', options: Partial<RunConfig>, newHead: boolean];

const cases: Case[] = [
  ['mean, normalised', 'score', { objective: 'cosine-similarity' }, false],
  ['cls, not normalised', 'score', { objective: 'cosent', pooling: 'cls', normalize: 'no' }, false],
  ['first and last layer', 'score', { objective: 'angle', pooling: 'first_last_avg' }, false],
  ['matryoshka', 'score', { objective: 'cosine-similarity', matryoshka: [64, 32] }, false],
  ['softmax', 'label', { objective: 'softmax' }, false],
  ['cross-encoder with labels', 'label', { objective: 'cross-encoder', learningRate: 1e-3 }, true],
  ['cross-encoder with a score', 'score', { objective: 'cross-encoder', learningRate: 1e-3 }, true],
];

const pair = ['please cancel my order', 'the parcel has not arrived'] as const;

test.each(cases)('%s', async (_, table, options, newHead) => {
  const events: RunEvent[] = [];
  const engine = createEngine((event) => events.push(event));
  await engine.start('wasm', wasmBuilds);
  const { files, name } = readModel('embedsmith-tiny');
  engine.load(files, name);
  const datasets = createDatasets();
  await datasets.read('train', makeTable(table), {});
  const config: RunConfig = {
    ...defaultsFor(options.objective!),
    batchSize: 16,
    epochs: 1,
    heldOutShare: 0.2,
    ...options,
  };
  const data = datasets.prepare(config);
  await engine.run('test', config, data);
  const end = events.at(-1)!;
  if (end.type !== 'finished') throw new Error(JSON.stringify(end));
  const said = numbersOf(await engine.trials.pair(pair, config));
  expect(said.now).not.toEqual(said.before);
  expect(said.before === null).toBe(newHead);

  const exported = unzipModelFiles((await engine.export()).bytes, 'exported');
  const again = createEngine(() => {});
  await again.start('wasm', wasmBuilds);
  const summary = again.load(exported, 'exported');
  expect(summary.maxLength).toBe(config.maxLength);
  if (!newHead) expect(summary).toMatchObject({ pooling: config.pooling, normalize: config.normalize });
  const labels = data.classes ?? [];
  expect(summary.labels).toEqual(newHead ? labels : null);
  const reloaded = numbersOf(await again.trials.pair(pair, { ...config, maxLength: summary.maxLength! }));
  expect(reloaded.now).toHaveLength(said.now.length);
  for (const [i, value] of reloaded.now.entries()) expect(Math.abs(value - said.now[i]!)).toBeLessThan(1e-6);
  expect(reloaded.before).toEqual(reloaded.now);

  // The same evaluation, too; the softmax objective's own head is not part of the encoder.
  if (options.objective === 'softmax') return;
  const judged = await again.judge(exported, 'exported', data, config);
  for (const [metric, value] of Object.entries(judged.report.metrics)) {
    expect(value, metric).toBe(end.after.metrics[metric as keyof typeof end.after.metrics]);
  }
  expect(Object.keys(judged.report.metrics).length).toBeGreaterThan(1);
});

test('a head of the files is trained on where its labels are those of the data', async () => {
  const engine = createEngine(() => {});
  await engine.start('wasm', wasmBuilds);
  const { files, name } = readModel('embedsmith-tiny');
  engine.load(files, name);
  const datasets = createDatasets();
  await datasets.read('train', makeTable('label'), {});
  const config: RunConfig = { ...defaultsFor('cross-encoder'), batchSize: 16, epochs: 1, learningRate: 1e-3 };
  await engine.run('first', config, datasets.prepare(config));
  const exported = unzipModelFiles((await engine.export()).bytes, 'exported');
  const said = numbersOf(await engine.trials.pair(pair, config));
  engine.load(exported, 'exported');
  await engine.run('second', { ...config, learningRate: 1e-7 }, datasets.prepare(config));
  const continued = numbersOf(await engine.trials.pair(pair, config));
  expect(continued.before).toEqual(said.now.map((value) => expect.closeTo(value, 6)));
  expect(continued.now).toEqual(said.now.map((value) => expect.closeTo(value, 3)));
});

test('a cross-encoder trains without anything to be judged on', async () => {
  const events: RunEvent[] = [];
  const engine = createEngine((event) => events.push(event));
  await engine.start('wasm', wasmBuilds);
  const { files, name } = readModel('embedsmith-tiny');
  engine.load(files, name);
  const datasets = createDatasets();
  await datasets.read('train', makeTable('label'), {});
  const config: RunConfig = { ...defaultsFor('cross-encoder'), batchSize: 32, epochs: 1, heldOutShare: 0 };
  await engine.run('test', config, datasets.prepare(config));
  expect(events.at(-1)).toMatchObject({ type: 'finished', after: { primary: 'eval/accuracy', pairs: 0 } });
  expect(engine.predictions(10)).toEqual([]);
});
