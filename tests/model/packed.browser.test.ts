/** Sentences of mixed lengths in one packed batch against each of them alone: neighbours must not change a sentence. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PoolingMode } from '../../src/contract/catalogue.ts';
import { packBatch, type TokenRow } from '../../src/data/token-batch.ts';
import { maxTokens } from '../../src/model/config.ts';
import { embedBatch, type Model } from '../../src/model/model.ts';
import { uploadTokens } from '../../src/model/packed-tokens.ts';
import { disposeParameters } from '../../src/model/parameters.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { goldenModel } from '../support/golden.ts';

const tolerance = 1e-5;

/** Values by name: the embeddings under `embeddings`, and the gradient of Σ embedding · weights to every parameter. */
type Figures = Map<string, Float32Array>;

/** @param weights `[rows · hidden]` */
async function take(model: Model, rows: TokenRow[], pooling: PoolingMode, weights: Float32Array): Promise<Figures> {
  let embeddings: tf.Tensor2D | null = null;
  const { value, grads } = tf.tidy(() => {
    const batch = uploadTokens(packBatch(rows), model.config);
    return tf.variableGrads(() => {
      embeddings = tf.keep(embedBatch(model, batch, pooling, null));
      return tf.sum(tf.mul(embeddings, tf.tensor2d(weights, [rows.length, model.config.hidden_size])));
    }, [...model.parameters.values()]);
  });
  const figures: Figures = new Map([['embeddings', (await embeddings!.data()) as Float32Array]]);
  for (const [name, variable] of model.parameters) {
    if (grads[variable.name]) figures.set(name, (await grads[variable.name]!.data()) as Float32Array);
  }
  tf.dispose([value, embeddings!, ...Object.values(grads)]);
  return figures;
}

describe.each(backends)('on %s', (backend) => {
  let model: Model;
  beforeEach(async () => {
    await selectBackend(backend);
    model = await goldenModel({ pooler: true });
  });
  afterEach(async () => {
    disposeParameters(model.parameters);
    await expectNoFault(backend);
  });

  test.each(['mean', 'max', 'pooler'] as const)('%s pooling', async (pooling) => {
    const { hidden_size: hidden, vocab_size } = model.config;
    const lengths = [7, 1, maxTokens(model.config), 3];
    const rows = lengths.map((length, row) => ({
      ids: Int32Array.from({ length }, (_, i) => (row * 7919 + i * 104729) % vocab_size),
      types: Int32Array.from({ length }, (_, i) => (i > 4 ? 1 : 0)),
    }));
    const weights = Float32Array.from({ length: rows.length * hidden }, (_, i) => Math.sin(i * 78.233));

    const packed = await take(model, rows, pooling, weights);
    const summed: Figures = new Map();
    const embeddings: number[] = [];
    for (const [i, row] of rows.entries()) {
      const alone = await take(model, [row], pooling, weights.subarray(i * hidden, (i + 1) * hidden));
      embeddings.push(...alone.get('embeddings')!);
      for (const [name, values] of alone) {
        summed.set(name, summed.get(name)?.map((sum, k) => sum + values[k]!) ?? values);
      }
    }
    summed.set('embeddings', Float32Array.from(embeddings));
    expect([...packed.keys()]).toEqual([...summed.keys()]);
    expect(packed.size).toBeGreaterThan(30);
    for (const [name, values] of summed) {
      if (name.endsWith('key.bias')) continue; // cancels in the softmax: only rounding is left
      expect(Math.hypot(...values), name).toBeGreaterThan(0);
      expect(relativeError(packed.get(name)!, values), name).toBeLessThan(tolerance);
    }
  });
});
