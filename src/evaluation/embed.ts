/** Many sentences to embeddings on the CPU, in batches of like length. */
import * as tf from '@tensorflow/tfjs';
import type { PoolingMode } from '../contract/catalogue.ts';
import { createBreather } from '../data/next-task.ts';
import { packBatch } from '../data/token-batch.ts';
import { embedBatch, type Model } from '../model/model.ts';
import { uploadTokens } from '../model/packed-tokens.ts';
import { normalize } from '../model/similarity.ts';

const batchSize = 32;

/**
 * Embeds without dropout.
 * @param tokens token ids of each sentence; rows of the result follow it
 * @param normalized whether each embedding is brought to length 1, as the model's own last module would
 * @returns `[sentences · hidden]`
 */
export async function embedSentences(
  model: Model,
  tokens: readonly Int32Array[],
  pooling: PoolingMode,
  normalized: boolean,
): Promise<Float32Array> {
  const hidden = model.config.hidden_size;
  const order = tokens.map((_, i) => i).sort((a, b) => tokens[a]!.length - tokens[b]!.length);
  const all = new Float32Array(tokens.length * hidden);
  const breathe = createBreather();
  for (let start = 0; start < order.length; start += batchSize) {
    const rows = order.slice(start, start + batchSize);
    const batch = packBatch(rows.map((row) => ({ ids: tokens[row]!, types: new Int32Array(tokens[row]!.length) })));
    const embedded = tf.tidy(() => {
      const pooled = embedBatch(model, uploadTokens(batch, model.config), pooling, null);
      return normalized ? normalize(pooled) : pooled;
    });
    const values = await embedded.data();
    embedded.dispose();
    for (const [k, row] of rows.entries()) all.set(values.subarray(k * hidden, (k + 1) * hidden), row * hidden);
    await breathe();
  }
  return all;
}
