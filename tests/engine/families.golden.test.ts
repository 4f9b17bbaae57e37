/** RoBERTa, DistilBERT and the activations against PyTorch in float64, under the names of the families' own files. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import distilbertConfig from '#families/distilbert.config.json';
import distilbertWeights from '#families/distilbert.safetensors?url';
import golden from '#families/golden-families.json';
import robertaConfig from '#families/roberta.config.json';
import robertaWeights from '#families/roberta.safetensors?url';
import { defaultConfig } from '../../src/contract/catalogue.ts';
import type { TokenBatch } from '../../src/contract/tokens.ts';
import { readSafetensors } from '../../src/files/safetensors.ts';
import { type Activation, activations } from '../../src/kernels/linear/activation.ts';
import { crossEntropy } from '../../src/losses/cross-entropy.ts';
import { classifyBatch } from '../../src/model/classifier.ts';
import { maxTokens, readConfig } from '../../src/model/config.ts';
import { encode } from '../../src/model/encoder.ts';
import { canonicalName } from '../../src/model/families.ts';
import { embedBatch, type Model } from '../../src/model/model.ts';
import { uploadTokens } from '../../src/model/packed-tokens.ts';
import { createParameters, disposeParameters, parameterShapes, poolerShapes } from '../../src/model/parameters.ts';
import { lossAndGradients } from '../../src/training/gradients.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { flatten, packTexts, statesOfRow } from '../support/golden.ts';

const tolerance = 1e-4;
const activationTolerance = 5e-6;

type Gradients = {
  loss: number;
  grad_norm: number;
  grad_norms: Record<string, number>;
  grads: Record<string, unknown>;
};

const { texts, klass } = golden.inputs;

/** Neither family has a second type: those of the batch must not matter. */
function batchOf(...numbers: number[]): TokenBatch {
  const chosen = numbers.map((k) => texts[k]!);
  const types = chosen.flatMap(({ ids }) => ids.map((row) => row.map(() => 1)));
  return packTexts(chosen, types);
}

/** Compares every gradient's norm and those that are there whole; returns how many of either. */
async function expectGradients(
  { family }: Model['config'],
  found: ReadonlyMap<string, tf.Tensor>,
  { grad_norm, grad_norms, grads }: Gradients,
): Promise<{ norms: number; whole: number }> {
  const arrays = new Map<string, Float32Array>();
  for (const [name, gradient] of found) arrays.set(name, (await gradient.data()) as Float32Array);
  const expected = Object.keys(grad_norms).map((name) => canonicalName(family, name));
  expect([...arrays.keys()].sort()).toEqual(expected.sort());
  // A key's bias cancels in the softmax: its gradient is rounding noise, in float64 too.
  const real = (name: string) => !/(key|k_lin)\.bias$/.test(name);
  let norms = 0;
  for (const [name, norm] of Object.entries(grad_norms).filter(([tensor]) => real(tensor))) {
    const array = arrays.get(canonicalName(family, name))!;
    expect(norm, name).toBeGreaterThan(1e-6 * grad_norm);
    expect(relativeError([Math.hypot(...array)], [norm]), name).toBeLessThan(tolerance);
    norms++;
  }
  for (const [name, gradient] of Object.entries(grads)) {
    const array = arrays.get(canonicalName(family, name))!;
    expect(relativeError(array, flatten(gradient)), name).toBeLessThan(tolerance);
  }
  return { norms, whole: Object.keys(grads).length };
}

describe.each(backends)('on %s', (backend) => {
  beforeEach(async () => {
    await selectBackend(backend);
  });
  afterEach(() => expectNoFault(backend));

  describe.each([
    ['roberta', robertaConfig, robertaWeights, golden.roberta, 37],
    ['distilbert', distilbertConfig, distilbertWeights, golden.distilbert, 36],
  ] as const)('%s', (name, json, weights, expected, encoderTensors) => {
    let model: Model;
    const keyBiases = 2;

    beforeEach(async () => {
      const tensors = readSafetensors(new Uint8Array(await (await fetch(weights)).arrayBuffer()), name);
      const config = readConfig(json, name, () => []);
      expect(config.family).toBe(name);
      const canonical = new Map([...tensors].map(([own, tensor]) => [canonicalName(config.family, own), tensor]));
      const shapes = new Map([...parameterShapes(config), ...poolerShapes(config)]);
      expect(parameterShapes(config).size).toBe(encoderTensors);
      expect(canonical.size).toBe(encoderTensors + 4); // pooler and classifier, weight and bias
      for (const [tensor, shape] of shapes) expect(canonical.get(tensor)?.shape, tensor).toEqual(shape);
      model = { config, parameters: createParameters(canonical) };
    });
    afterEach(() => disposeParameters(model.parameters));

    test('hidden states of every real token, and their mean', async () => {
      const batch = batchOf(0);
      const longest = Math.max(...batch.starts.subarray(1).map((end, row) => end - batch.starts[row]!));
      expect(longest).toBe(maxTokens(model.config)); // it reaches the last position
      const upload = () => uploadTokens(batch, model.config);
      const states = tf.tidy(() => encode(model.parameters, model.config, upload(), null));
      const { num_hidden_layers: layers } = model.config;
      expect(states).toHaveLength(layers + 1);
      expect(expected.hidden_states).toHaveLength(layers + 1);
      for (const [i, state] of states.entries()) {
        const found = await state.data();
        for (let row = 0; row < batch.rows; row++) {
          const [ours, theirs] = statesOfRow(batch, row, found, expected.hidden_states[i]!);
          expect(relativeError(ours, theirs)).toBeLessThan(tolerance);
        }
      }
      const mean = tf.tidy(() => embedBatch(model, upload(), 'mean', null));
      expect(relativeError(await mean.data(), flatten(expected.mean))).toBeLessThan(tolerance);
      tf.dispose([mean, ...states]);
    });

    test('MNRL and its gradients', async () => {
      const size = texts[0]!.ids.length;
      const batch = { tokens: batchOf(0, 1), size, targets: new Float32Array(size) };
      const { loss, gradients } = lossAndGradients(model, batch, { ...defaultConfig, dropout: 0 }, 1);
      expect(relativeError(await loss.data(), [expected.mnrl.loss])).toBeLessThan(tolerance);
      const counted = await expectGradients(model.config, gradients, expected.mnrl);
      expect(counted).toEqual({ norms: parameterShapes(model.config).size - keyBiases, whole: 3 });
      tf.dispose([loss, ...gradients.values()]);
    });

    test('the classification head, its loss and gradients', async () => {
      const batch = uploadTokens(batchOf(0), model.config);
      const labels = tf.tensor1d(klass, 'float32');
      const logits = tf.tidy(() => classifyBatch(model, batch, null));
      expect(relativeError(await logits.data(), flatten(expected.logits))).toBeLessThan(tolerance);
      const { value, grads } = tf.variableGrads(
        () => crossEntropy(classifyBatch(model, batch, null), labels),
        [...model.parameters.values()],
      );
      expect(relativeError(await value.data(), [expected.cross_encoder.loss])).toBeLessThan(tolerance);
      const gradients = new Map([...model.parameters].map(([tensor, variable]) => [tensor, grads[variable.name]!]));
      const counted = await expectGradients(model.config, gradients, expected.cross_encoder);
      expect(counted).toEqual({ norms: model.parameters.size - keyBiases, whole: 7 });
      tf.dispose([batch.index, batch.starts, labels, logits, value, ...gradients.values()]);
    });
  });

  test.each([
    ['gelu', 'gelu'],
    ['gelu_new', 'gelu_tanh'],
    ['gelu_pytorch_tanh', 'gelu_tanh'],
    ['gelu_fast', 'gelu_tanh'],
    ['relu', 'relu'],
  ] as [Activation, 'gelu' | 'gelu_tanh' | 'relu'][])('activation %s and its derivative', async (name, reference) => {
    const { x, [reference]: wanted } = golden.activations;
    expect(x).toHaveLength(128);
    const [value, gradient] = tf.tidy(() => {
      const input = tf.tensor2d(x, [8, 16]);
      const derive = tf.grad((t: tf.Tensor) => tf.sum(activations[name](t as tf.Tensor2D)));
      return [activations[name](input), derive(input)] as const;
    });
    // GELU and its approximation differ by 5e-4 at most, and the largest value here is 8: the tolerance must tell them apart.
    expect(relativeError(await value.data(), wanted.value)).toBeLessThan(activationTolerance);
    // At 0 the derivative of ReLU is a matter of taste; the rest is not.
    const found = (await gradient.data()).map((slope, i) => (x[i] === 0 ? wanted.gradient[i]! : slope));
    expect(relativeError(found, wanted.gradient)).toBeLessThan(activationTolerance);
    tf.dispose([value, gradient]);
  });
});
