/**
 * From the hidden states of a sentence's tokens to its one embedding (the poolings of sentence-transformers, the
 * first-last average of BERT-flow and SimCSE, and BERT's own pooler).
 */
import * as tf from '@tensorflow/tfjs';
import type { PoolingMode } from '../contract/catalogue.ts';
import { fail } from '../contract/problems.ts';
import { widen } from '../kernels/halves.ts';
import { linear } from '../kernels/linear/linear.ts';
import { poolSentences } from '../kernels/pool-sentences.ts';
import type { Sentences } from '../kernels/sentences.ts';
import type { Parameters } from './parameters.ts';

/**
 * The pooler's layer on the first token, before its activation: W · x + b.
 * @param states `[tokens, hidden]`, the last layer's
 * @returns `[rows, hidden]`
 * @throws ProblemError where the model has no pooler
 */
export function poolerLayer(states: tf.Tensor2D, batch: Sentences, parameters: Parameters): tf.Tensor2D {
  const get = (tensor: string): tf.Tensor => parameters.get(tensor) ?? fail('pooler-missing', { tensor });
  const weight = get('pooler.dense.weight') as tf.Tensor2D;
  return linear(poolSentences(states, batch, 'first'), weight, get('pooler.dense.bias') as tf.Tensor1D);
}

/**
 * @param states the embeddings' output and that of each layer, each `[tokens, hidden]`
 * @param mode over a sentence's tokens, of the last layer
 *   mean: average; mean_sqrt_len: sum / √length; max: largest value of each dimension; cls: the first token;
 *   first_last_avg: average of the first layer's output and the last one's, then the mean;
 *   pooler: tanh(W · first token + b)
 * @param parameters those of the pooler are among them where the model has one
 * @returns `[rows, hidden]`
 * @throws ProblemError for `pooler` where the model has none
 */
export function pool(
  states: readonly tf.Tensor2D[],
  batch: Sentences,
  mode: PoolingMode,
  parameters: Parameters = new Map(),
): tf.Tensor2D {
  const last = states.at(-1)!;
  switch (mode) {
    case 'mean':
    case 'mean_sqrt_len':
    case 'max':
      return poolSentences(last, batch, mode);
    case 'first_last_avg':
      return tf.mul(poolSentences(tf.add(widen(states[1]!), widen(last)), batch, 'mean'), 0.5);
    case 'cls':
      return poolSentences(last, batch, 'first');
    case 'pooler':
      return tf.tanh(poolerLayer(last, batch, parameters));
  }
}
