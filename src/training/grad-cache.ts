/**
 * GradCache (Gao et al. 2021, https://arxiv.org/abs/2101.06983; sentence-transformers' CachedMultipleNegativesRankingLoss):
 * the gradients of a large batch in the memory of a small one. Embed in mini-batches without keeping what a gradient
 * needs; take the loss and its gradient to the embeddings; then embed each mini-batch again, with the same dropout, and
 * pass its share of that gradient on to the parameters: dL/dθ = Σ over mini-batches of (dL/dE)ₖ · dEₖ/dθ.
 */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import { sliceBatch } from '../data/token-batch.ts';
import { leanBackward } from '../kernels/lean-backward.ts';
import { uploadArrays } from '../kernels/recording/step-arrays.ts';
import type { Model } from '../model/model.ts';
import { uploadTokens } from '../model/packed-tokens.ts';
import { addGradients } from './add-gradients.ts';
import {
  dropoutKey,
  dropoutOf,
  embed,
  type Gradients,
  gradientsOf,
  lossOfEmbeddings,
  type StepBatch,
} from './gradients.ts';

/** The same loss and gradients as of the whole batch at once; `config.miniBatchSize` rows are in the model at a time. */
export function cachedLossAndGradients(model: Model, batch: StepBatch, config: RunConfig, step: number): Gradients {
  const { rows } = batch.tokens;
  const starts = Array.from(
    { length: Math.ceil(rows / config.miniBatchSize) },
    (_, part) => part * config.miniBatchSize,
  );
  const uploadPart = (part: number) => {
    const start = starts[part]!;
    const tokens = sliceBatch(batch.tokens, start, Math.min(rows, start + config.miniBatchSize));
    const key = uploadArrays({ key: dropoutKey(config, step, part) }).key;
    return { tokens: uploadTokens(tokens, model.config), drop: dropoutOf(config.dropout, key) };
  };
  const embedPart = ({ tokens, drop }: ReturnType<typeof uploadPart>) => embed(model, tokens, config, drop);

  const parts = starts.map((_, part) => tf.tidy(() => embedPart(uploadPart(part))));
  const [loss, slope] = tf.tidy(() => {
    const inputs = { size: batch.size, targets: tf.tensor1d(batch.targets) };
    const compute = (x: tf.Tensor) => lossOfEmbeddings(model, x as tf.Tensor2D, inputs, config);
    const { value, grad } = leanBackward(() => tf.valueAndGrad(compute)(tf.concat(parts, 0))); // of [rows, hidden]
    return [value as tf.Scalar, grad] as const;
  });
  tf.dispose(parts);

  const gradients = new Map<string, tf.Tensor>();
  for (const part of starts.keys()) {
    const upload = () => uploadPart(part);
    const { loss: product, gradients: share } = gradientsOf(model, config, upload, (inputs) => {
      const again = embedPart(inputs);
      return tf.sum(tf.mul(again, tf.slice(slope, [starts[part]!, 0], again.shape)));
    });
    product.dispose();
    addGradients(gradients, share, 1);
  }
  slope.dispose();
  return { loss, gradients };
}
