/** A run on more data than one chunk tells how far its tokens are, can be stopped meanwhile, and keeps them for the next. */
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { wasmBuilds } from '../../src/cli/wasm-builds.ts';
import { defaultConfig, type RunConfig } from '../../src/contract/catalogue.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { chunkRows } from '../../src/data/token-store.ts';
import { createDatasets } from '../../src/worker/datasets.ts';
import { createEngine } from '../../src/worker/engine.ts';

/** Three chunks: in a browser they would go to workers. */
const pairs = chunkRows + 1000;
const config: RunConfig = { ...defaultConfig, heldOutShare: 0, batchSize: 2, epochs: 1, maxLength: 12 };

async function open() {
  const events: RunEvent[] = [];
  let stopAt: RunEvent['type'] | null = null;
  const engine = createEngine((event) => {
    events.push(event);
    if (event.type === stopAt) engine.stop();
  });
  await engine.start('wasm', wasmBuilds);
  const { files, name } = readModel('embedsmith-tiny');
  engine.load(files, name);
  const datasets = createDatasets();
  const lines = Array.from({ length: pairs }, (_, i) => `question ${i},answer ${i}`);
  await datasets.read('train', new File([['sentence1,sentence2', ...lines].join('\n')], 'pairs.csv'), {});
  /** The types of a run's events, stopped at the first of type `stop`. */
  const run = async (stop: RunEvent['type'], options: Partial<RunConfig> = {}) => {
    events.length = 0;
    stopAt = stop;
    const used = { ...config, ...options };
    await engine.run('run', used, datasets.prepare(used));
    return events.map(({ type }) => type);
  };
  return { engine, events, run };
}

test('stopped while it tokenises, the run is cancelled and the model as it was', async () => {
  const { engine, events, run } = await open();
  const weights = async () => unzipSync((await engine.export()).bytes)['model.safetensors']!; // the zip itself holds the time, too
  const before = await weights();
  expect(await run('tokenizing')).toEqual(['tokenizing', 'cancelled']);
  expect(events[0]).toMatchObject({ done: 0, total: 2 * pairs });
  expect(before.length).toBeGreaterThan(8e6);
  expect(Buffer.compare(await weights(), before)).toBe(0);
  const tokenizing = Array(4).fill('tokenizing');
  expect(await run('started')).toEqual([...tokenizing, 'started', 'evaluation', 'finished']);
  const told = events.flatMap((event) => (event.type === 'tokenizing' ? [event.done] : []));
  expect(told).toEqual([0, chunkRows, 2 * chunkRows, 2 * pairs]);
});

test('the tokens are kept for as long as data, model and length stay the same', async () => {
  const { run } = await open();
  const told = async (options?: Partial<RunConfig>) =>
    (await run('started', options)).filter((type) => type === 'tokenizing').length;
  expect(await told()).toBe(4);
  expect(await told({ batchSize: 4, seed: 2 })).toBe(0);
  expect(await told({ seed: 2, maxLength: 10 })).toBe(4);
});
