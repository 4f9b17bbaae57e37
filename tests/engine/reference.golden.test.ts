/** The engine against PyTorch in float64: hidden states, pooling, losses, every gradient, and eight AdamW steps. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultConfig, defaultsFor, options, type PoolingMode, type RunConfig } from '../../src/contract/catalogue.ts';
import { encode } from '../../src/model/encoder.ts';
import type { Model } from '../../src/model/model.ts';
import { uploadTokens } from '../../src/model/packed-tokens.ts';
import { disposeParameters } from '../../src/model/parameters.ts';
import { pool } from '../../src/model/pooling.ts';
import { scheduleShare } from '../../src/optimizer/schedule.ts';
import { cachedLossAndGradients } from '../../src/training/grad-cache.ts';
import { lossAndGradients, type StepBatch } from '../../src/training/gradients.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { flatten, goldenBatch, goldenModel, goldenPair, reference, statesOfRow } from '../support/golden.ts';

const tolerance = 1e-4;

const size = reference.inputs.texts[0]!.ids.length;

type Case = {
  name: string;
  /** The golden texts that are embedded, or packed with their token types. */
  texts: number[];
  config: Partial<RunConfig> & Pick<RunConfig, 'objective'>;
  targets?: number[];
  head?: { weight: number[][]; bias: number[] };
};

const { score, binary, klass, softmax_head, cross_encoder_head } = reference.inputs;

/** Each objective that has a golden. */
const losses: Case[] = [
  { name: 'mnrl', texts: [0, 1], config: { objective: 'mnrl' } },
  { name: 'mnrl', texts: [0, 1], config: { objective: 'cached-mnrl', miniBatchSize: 5 } },
  { name: 'mnrl_hard_negatives', texts: [0, 1, 2], config: { objective: 'mnrl' } },
  { name: 'mnrl_hard_negatives', texts: [0, 1, 2], config: { objective: 'simcse-supervised' } },
  { name: 'mnrl_symmetric', texts: [0, 1], config: { objective: 'mnrl', symmetric: 'yes' } },
  { name: 'simcse_interleaved', texts: [0, 1], config: { objective: 'simcse', views: 'interleaved' } },
  { name: 'cosine_similarity', texts: [0, 1], config: { objective: 'cosine-similarity' }, targets: score },
  { name: 'cosent', texts: [0, 1], config: { objective: 'cosent' }, targets: score },
  { name: 'contrastive', texts: [0, 1], config: { objective: 'contrastive' }, targets: binary },
  { name: 'online_contrastive', texts: [0, 1], config: { objective: 'online-contrastive' }, targets: binary },
  { name: 'triplet', texts: [0, 1, 2], config: { objective: 'triplet' } },
  { name: 'softmax', texts: [0, 1], config: { objective: 'softmax' }, targets: klass, head: softmax_head },
  { name: 'matryoshka_mnrl_32_16', texts: [0, 1], config: { objective: 'mnrl', matryoshka: [32, 16] } },
  {
    name: 'cross_encoder',
    texts: [0],
    config: { objective: 'cross-encoder' },
    targets: klass,
    head: cross_encoder_head,
  },
];

const configOf = (config: Case['config']): RunConfig => ({ ...defaultsFor(config.objective), ...config, dropout: 0 });

/** The model with the head and, for the cross-encoder, the pooler of the golden. */
async function modelOf({ head, config }: Case): Promise<Model> {
  return goldenModel({ ...(head ? { head } : {}), pooler: config.objective === 'cross-encoder' });
}

function batchOf({ texts, targets, config }: Case): StepBatch {
  const tokens = config.objective === 'cross-encoder' ? goldenPair() : goldenBatch(...texts);
  return { tokens, size, targets: Float32Array.from(targets ?? new Array<number>(size).fill(0)) };
}

describe.each(backends)('on %s', (backend) => {
  let model: Model;

  beforeEach(async () => {
    await selectBackend(backend);
    model = await goldenModel();
  });
  afterEach(async () => {
    disposeParameters(model.parameters);
    await expectNoFault(backend);
  });

  test('every hidden state of every real token', async () => {
    const batch = goldenBatch(0);
    const states = tf.tidy(() => encode(model.parameters, model.config, uploadTokens(batch, model.config), null));
    expect(states).toHaveLength(model.config.num_hidden_layers + 1);
    for (const [i, state] of states.entries()) {
      const found = await state.data();
      expect(found).toHaveLength(batch.tokens * model.config.hidden_size);
      for (let row = 0; row < batch.rows; row++) {
        const [ours, theirs] = statesOfRow(batch, row, found, reference.hidden_states[i]!);
        expect(relativeError(ours, theirs)).toBeLessThan(tolerance);
      }
    }
    tf.dispose(states);
  });

  test.each(Object.keys(options.pooling.choices) as PoolingMode[])('%s pooling', async (mode) => {
    const { parameters, config } = await goldenModel({ pooler: true });
    const pooled = tf.tidy(() => {
      const batch = uploadTokens(goldenBatch(0), config);
      return pool(encode(parameters, config, batch, null), batch, mode, parameters);
    });
    expect(relativeError(await pooled.data(), flatten(reference.pooled[mode]))).toBeLessThan(tolerance);
    expect(Object.keys(reference.pooled)).toHaveLength(6);
    pooled.dispose();
    disposeParameters(parameters);
  });

  test('a model without a pooler says so', () => {
    tf.tidy(() => {
      const batch = uploadTokens(goldenBatch(0), model.config);
      const states = encode(model.parameters, model.config, batch, null);
      expect(() => pool(states, batch, 'pooler', model.parameters)).toThrow(/no pooler.*pooler\.dense/);
    });
  });

  test.each(losses)('loss and gradients of $config.objective, as $name', async (each) => {
    const { name, head } = each;
    const whole = await modelOf(each);
    const config = configOf(each.config);
    const take = config.objective === 'cached-mnrl' ? cachedLossAndGradients : lossAndGradients;
    const { loss, gradients } = take(whole, batchOf(each), config, 1);
    const golden = reference.losses[name]!;
    expect(relativeError(await loss.data(), [golden.loss])).toBeLessThan(tolerance);

    for (const part of ['weight', 'bias'] as const) {
      const gradient = gradients.get(`classifier.${part}`);
      expect(gradient !== undefined).toBe(head !== undefined);
      if (!gradient) continue;
      expect(relativeError(await gradient.data(), flatten(golden.head_grads![part]))).toBeLessThan(tolerance);
    }
    const norms: Record<string, number> = {};
    for (const [parameter, gradient] of gradients) {
      if (!parameter.startsWith('classifier.')) norms[parameter] = Math.hypot(...(await gradient.data()));
    }
    expect(Object.keys(norms).sort()).toEqual(Object.keys(golden.grad_norms).sort());
    for (const [parameter, norm] of Object.entries(golden.grad_norms)) {
      // Where a gradient cancels to rounding noise, in float64 too, there is no figure to compare.
      const isNoise = norm < 1e-9 * golden.encoder_grad_norm;
      const scale = Math.max(norm, 1e-6 * golden.encoder_grad_norm);
      expect(Math.abs(norms[parameter]! - norm) / scale, parameter).toBeLessThan(isNoise ? 1 : tolerance);
    }
    for (const [parameter, expected] of Object.entries(golden.grads ?? {})) {
      if (parameter.endsWith('key.bias')) continue;
      expect(relativeError(await gradients.get(parameter)!.data(), flatten(expected)), parameter).toBeLessThan(
        tolerance,
      );
    }
    if (name === 'mnrl') expect(Object.keys(golden.grads ?? {}).length).toBeGreaterThan(15);
    tf.dispose([loss, ...gradients.values()]);
    disposeParameters(whole.parameters);
  });

  test('every golden loss was compared', () => {
    expect([...new Set(losses.map(({ name }) => name))].sort()).toEqual(Object.keys(reference.losses).sort());
  });

  test('eight steps of AdamW with warm-up, clipping and decay', async () => {
    const { peak_lr, warmup_steps, total_steps, weight_decay, max_grad_norm, trace, final } = reference.adamw;
    const config = { ...defaultConfig, dropout: 0, weightDecay: weight_decay, maxGradNorm: max_grad_norm };
    const stepper = createStepper(model, config);
    const batch = batchOf(losses[0]!);
    expect(trace).toHaveLength(8);
    for (const { step, lr, loss, grad_norm } of trace) {
      const learningRate = peak_lr * scheduleShare('linear', step, warmup_steps, total_steps);
      expect(learningRate).toBeCloseTo(lr, 12);
      const result = await stepper.step([batch], { step, learningRate });
      expect(relativeError([result.loss], [loss]), `loss of step ${step}`).toBeLessThan(tolerance);
      expect(relativeError([result.gradNorm], [grad_norm]), `norm of step ${step}`).toBeLessThan(tolerance);
    }
    for (const [parameter, expected] of Object.entries(final)) {
      expect(relativeError(await model.parameters.get(parameter)!.data(), flatten(expected)), parameter).toBeLessThan(
        tolerance,
      );
    }
    stepper.dispose();
  });

  test('no tensor is left behind by a step', async () => {
    const stepper = createStepper(model, { ...defaultConfig, dropout: 0.1 });
    const batch = batchOf(losses[0]!);
    await stepper.step([batch], { step: 1, learningRate: 1e-3 });
    const { numTensors, numBytes } = tf.memory();
    for (const step of [2, 3]) {
      await stepper.step([batch], { step, learningRate: 1e-3 });
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(tf.memory().numBytes).toBe(numBytes);
    }
    stepper.dispose();
  });
});
