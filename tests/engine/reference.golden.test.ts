/** The engine against PyTorch in float64: hidden states, pooling, losses, every gradient, and eight AdamW steps. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultConfig, type RunConfig } from '../../src/contract/catalogue.ts';
import { encode } from '../../src/model/encoder.ts';
import type { Model } from '../../src/model/model.ts';
import { disposeParameters } from '../../src/model/parameters.ts';
import { pool } from '../../src/model/pooling.ts';
import { createAdamW, disposeAdamW } from '../../src/optimizer/adamw.ts';
import { linearSchedule } from '../../src/optimizer/schedule.ts';
import { lossAndGradients, trainStep } from '../../src/training/step.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { flatten, goldenBatch, goldenModel, reference } from '../support/golden.ts';

const tolerance = 1e-4;

const size = reference.inputs.texts[0]!.ids.length;

/** Each objective that has a golden: the name there, the texts it embeds, and its configuration. */
const losses: [name: string, texts: number[], config: Partial<RunConfig>][] = [
  ['mnrl', [0, 1], { objective: 'mnrl' }],
  ['mnrl_hard_negatives', [0, 1, 2], { objective: 'mnrl' }],
  ['simcse_interleaved', [0, 1], { objective: 'simcse', views: 'interleaved' }],
];

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
    const states = tf.tidy(() => encode(model.parameters, model.config, batch, null));
    expect(states).toHaveLength(model.config.num_hidden_layers + 1);
    for (const [i, state] of states.entries()) {
      const found = await state.data();
      const expected = flatten(reference.hidden_states[i]);
      const hidden = model.config.hidden_size;
      for (let row = 0; row < batch.rows; row++) {
        const from = row * batch.tokens * hidden;
        const to = from + batch.lengths[row]! * hidden;
        expect(relativeError(found.slice(from, to), expected.slice(from, to))).toBeLessThan(tolerance);
      }
    }
    tf.dispose(states);
  });

  test.each(['mean', 'cls', 'max'] as const)('%s pooling', async (mode) => {
    const batch = goldenBatch(0);
    const pooled = tf.tidy(() => pool(encode(model.parameters, model.config, batch, null).at(-1)!, batch, mode));
    expect(relativeError(await pooled.data(), flatten(reference.pooled[mode]))).toBeLessThan(tolerance);
    pooled.dispose();
  });

  test.each(losses)('loss and gradients of %s', async (name, texts, options) => {
    const config = { ...defaultConfig, ...options, dropout: 0 };
    const { loss, gradients } = lossAndGradients(model, { tokens: goldenBatch(...texts), size }, config, 1);
    const golden = reference.losses[name]!;
    expect(relativeError(await loss.data(), [golden.loss])).toBeLessThan(tolerance);

    const norms: Record<string, number> = {};
    for (const [parameter, gradient] of gradients) {
      norms[parameter] = Math.hypot(...(await gradient.data()));
    }
    expect(Object.keys(norms).sort()).toEqual(Object.keys(golden.grad_norms).sort());
    for (const [parameter, norm] of Object.entries(golden.grad_norms)) {
      // The key bias cancels in the softmax: its gradient is rounding noise, in float64 too.
      const scale = Math.max(norm, 1e-6 * golden.encoder_grad_norm);
      expect(Math.abs(norms[parameter]! - norm) / scale, parameter).toBeLessThan(
        parameter.endsWith('key.bias') ? 1 : tolerance,
      );
    }
    for (const [parameter, expected] of Object.entries(golden.grads ?? {})) {
      if (parameter.endsWith('key.bias')) continue;
      expect(relativeError(await gradients.get(parameter)!.data(), flatten(expected)), parameter).toBeLessThan(
        tolerance,
      );
    }
    if (name === 'mnrl') expect(Object.keys(golden.grads ?? {}).length).toBeGreaterThan(15);
    tf.dispose([loss, ...gradients.values()]);
  });

  test('eight steps of AdamW with warm-up, clipping and decay', async () => {
    const { peak_lr, warmup_steps, total_steps, weight_decay, max_grad_norm, trace, final } = reference.adamw;
    const config = { ...defaultConfig, dropout: 0, weightDecay: weight_decay, maxGradNorm: max_grad_norm };
    const optimizer = createAdamW();
    const batch = { tokens: goldenBatch(0, 1), size };
    expect(trace).toHaveLength(8);
    for (const { step, lr, loss, grad_norm } of trace) {
      const learningRate = peak_lr * linearSchedule(step, warmup_steps, total_steps);
      expect(learningRate).toBeCloseTo(lr, 12);
      const result = await trainStep(model, optimizer, batch, config, { step, learningRate });
      expect(relativeError([result.loss], [loss]), `loss of step ${step}`).toBeLessThan(tolerance);
      expect(relativeError([result.gradNorm], [grad_norm]), `norm of step ${step}`).toBeLessThan(tolerance);
    }
    for (const [parameter, expected] of Object.entries(final)) {
      expect(relativeError(await model.parameters.get(parameter)!.data(), flatten(expected)), parameter).toBeLessThan(
        tolerance,
      );
    }
    disposeAdamW(optimizer);
  });

  test('no tensor is left behind by a step', async () => {
    const optimizer = createAdamW();
    const batch = { tokens: goldenBatch(0, 1), size };
    const config = { ...defaultConfig, dropout: 0.1 };
    await trainStep(model, optimizer, batch, config, { step: 1, learningRate: 1e-3 });
    const { numTensors, numBytes } = tf.memory();
    for (const step of [2, 3]) {
      await trainStep(model, optimizer, batch, config, { step, learningRate: 1e-3 });
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(tf.memory().numBytes).toBe(numBytes);
    }
    disposeAdamW(optimizer);
  });
});
