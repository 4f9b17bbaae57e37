/** Recomputed activations: the same steps bit for bit, in less memory. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultsFor, type RunConfig } from '../../src/contract/catalogue.ts';
import type { Model } from '../../src/model/model.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import type { StepResult } from '../../src/training/step.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { goldenBatch, goldenModel, goldenPair, reference } from '../support/golden.ts';

const { score, klass, cross_encoder_head } = reference.inputs;

const cases: [string, Partial<RunConfig> & Pick<RunConfig, 'objective'>][] = [
  ['ranking with dropout', { objective: 'mnrl', dropout: 0.2 }],
  ['ranking without dropout', { objective: 'mnrl', dropout: 0 }],
  ['scores, the first and last layer pooled', { objective: 'cosine-similarity', pooling: 'first_last_avg' }],
  ['a frozen layer', { objective: 'mnrl', freezeEmbeddings: 'yes', freezeLayers: 1 }],
  ['mini-batches', { objective: 'cached-mnrl', miniBatchSize: 4 }],
  ['a cross-encoder', { objective: 'cross-encoder' }],
];

describe.each(backends)('on %s', (backend) => {
  let model: Model;
  const fresh = (objective: RunConfig['objective']) =>
    objective === 'cross-encoder' ? goldenModel({ head: cross_encoder_head, pooler: true }) : goldenModel();
  beforeEach(async () => {
    await selectBackend(backend);
  });
  afterEach(() => expectNoFault(backend));

  test.each(cases)('%s', async (_, changes) => {
    const { objective } = changes;
    const targets = Float32Array.from(objective === 'cross-encoder' ? klass : score);
    const tokens = objective === 'cross-encoder' ? goldenPair() : goldenBatch(0, 1);
    const run = async (recompute: 'no' | 'yes') => {
      model = await fresh(objective);
      const stepper = createStepper(model, { ...defaultsFor(objective), ...changes, recompute });
      const results: StepResult[] = [];
      // The first step is recorded where steps are, the others are replayed.
      for (let step = 1; step <= 4; step++) {
        results.push(await stepper.step([{ tokens, size: targets.length, targets }], { step, learningRate: 1e-2 }));
      }
      const { bytes } = stepper;
      stepper.dispose();
      const weights = await readParameters(model.parameters);
      disposeParameters(model.parameters);
      return { results, weights, bytes };
    };
    const [kept, again] = [await run('no'), await run('yes')];
    expect(new Set(kept.results.map((result) => JSON.stringify(result))).size).toBe(4);
    expect(again.weights.size).toBeGreaterThan(30);
    if (changes.pooling === 'first_last_avg') {
      // The gradient of the first layer's output is a sum of three, and sums are taken in another order.
      const numbers = (results: StepResult[]) => results.flatMap(({ loss, gradNorm }) => [loss, gradNorm]);
      expect(relativeError(numbers(again.results), numbers(kept.results))).toBeLessThan(1e-6);
    } else {
      expect(again.results).toEqual(kept.results);
      expect(again.weights).toEqual(kept.weights);
    }
    if (changes.freezeLayers === undefined && objective !== 'cached-mnrl') expect(again.bytes).toBeLessThan(kept.bytes);
  });
});
