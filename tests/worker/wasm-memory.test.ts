/** Where WebAssembly's 4 GiB are full, nothing is written over, and a run ends with a sentence that says what would fit. */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { wasmBuilds } from '../../src/cli/wasm-builds.ts';
import { defaultConfig } from '../../src/contract/catalogue.ts';
import { sayProblem } from '../../src/contract/problems.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { createDatasets } from '../../src/worker/datasets.ts';
import { createEngine } from '../../src/worker/engine.ts';

const block = [2 ** 24]; // 64 MiB, asked for and never touched

test('a run that does not fit into what is left of the memory says so', async () => {
  const events: RunEvent[] = [];
  const engine = createEngine((event) => events.push(event));
  await engine.start('wasm', wasmBuilds);
  const { files, name } = readModel('embedsmith-tiny');
  engine.load(files, name);
  const backend = tf.backend() as BackendWasm;
  for (let i = 0; i < 60; i++) backend.makeOutput(block, 'float32');

  const datasets = createDatasets();
  const long = (i: number) => Array.from({ length: 60 }, (_, k) => `word${(i * 31 + k) % 977}`).join(' ');
  const lines = Array.from({ length: 600 }, (_, i) => `${long(i)},${long(i + 1000)}`);
  await datasets.read('train', new File([['sentence1,sentence2', ...lines].join('\n')], 'pairs.csv'), {});
  const config = { ...defaultConfig, batchSize: 512, heldOutShare: 0.01, maxLength: 128 };
  await engine.run('run', config, datasets.prepare(config));
  const last = events.at(-1)!;
  if (last.type !== 'failed') throw new Error(`it ended with ${last.type}`);
  expect(last.problem.code).toBe('out-of-memory');
  expect(sayProblem(last.problem, 'en')).toMatch(
    /memory at step 1, with batches of 512\. A batch size of \d+ should fit\./,
  );
});
