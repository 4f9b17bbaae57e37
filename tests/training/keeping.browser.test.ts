/** Early stopping and the best weights. */
import { expect, test } from 'vitest';
import { defaultConfig } from '../../src/contract/catalogue.ts';
import type { EvaluationReport } from '../../src/contract/run.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import { type TrainingRun, train } from '../../src/training/train.ts';
import { selectBackend } from '../support/backends.ts';
import { columnsOf } from '../support/examples.ts';
import { goldenModel } from '../support/golden.ts';

const report = (value: number | null): EvaluationReport => ({
  primary: 'eval/spearman_cosine',
  metrics: { 'eval/spearman_cosine': value },
  pairs: 1,
  distributions: null,
  confusion: null,
});

/** A run of ten steps, evaluated at every step with the given values; the weights at each evaluation. */
async function run(values: (number | null)[], options: Partial<TrainingRun['config']>) {
  await selectBackend('wasm');
  const model = await goldenModel();
  const weights: Float32Array[] = [];
  const read = async () => (await readParameters(model.parameters)).get('encoder.layer.1.output.dense.weight')!.data;
  let at = 0;
  const events = train({
    runId: 'test',
    model,
    config: { ...defaultConfig, batchSize: 2, epochs: 1, evaluateEvery: 1, learningRate: 1e-3, ...options },
    examples: columnsOf(Array.from({ length: 20 }, (_, i) => ({ texts: [`${2 * i}`, `${2 * i + 1}`], target: 0 }))),
    rows: { row: (number) => ({ ids: Int32Array.of(1, 5 + number, 2), types: new Int32Array(3) }) },
    evaluate: async () => {
      weights.push((await read()).slice());
      return report(values[at++] ?? null);
    },
    evaluationPairs: 1,
    stop: new AbortController().signal,
    fault: () => null,
    from: null,
    save: null,
  });
  let finished: unknown;
  for await (const event of events) if (event.type === 'finished') finished = event;
  const last = await read();
  disposeParameters(model.parameters);
  return { finished, weights, last };
}

test('a run ends after as many evaluations without a new best as the patience allows', async () => {
  const { finished, weights, last } = await run([0.1, 0.4, 0.5, 0.5, null, 0.3, 0.9], { patience: 3 });
  expect(finished).toMatchObject({
    reason: 'early',
    step: 5,
    keptStep: 5,
    best: { step: 2, value: 0.5 },
    after: report(0.3),
  });
  expect(weights).toHaveLength(6);
  expect(last).toEqual(weights[5]);
});

test('the best weights come back, and are evaluated again', async () => {
  const { finished, weights, last } = await run([0.1, 0.4, 0.5, 0.2, 0.1, 0.1, 0.5], { patience: 3, keep: 'best' });
  expect(finished).toMatchObject({ reason: 'early', step: 5, keptStep: 2, after: report(0.5) });
  expect(last).toEqual(weights[2]);
  expect(last).not.toEqual(weights[5]);
  expect(weights[6]).toEqual(weights[2]);
});

test('where the last weights are the best, they stay', async () => {
  const { finished } = await run([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { keep: 'best' });
  expect(finished).toMatchObject({ reason: 'completed', step: 10, keptStep: 10, best: { step: 10, value: 10 } });
});
