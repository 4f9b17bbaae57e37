/**
 * The head of a model for sequence classification, as each family has it in Hugging Face:
 *   logits = W₂ · f(W₁ · first token + b₁) + b₂,  f = tanh (BERT, RoBERTa) or ReLU (DistilBERT).
 */
import * as tf from '@tensorflow/tfjs';
import type { Storage } from '../kernels/device/storage.ts';
import { type Dropout, dropout } from '../kernels/dropout.ts';
import { linear } from '../kernels/linear/linear.ts';
import { encode } from './encoder.ts';
import { families } from './families.ts';
import type { Model } from './model.ts';
import type { PackedTokens } from './packed-tokens.ts';
import { poolerLayer } from './pooling.ts';
import { pairFeatures } from './similarity.ts';

/** The place of this dropout in a step's sequence; far beyond any encoder's. */
const dropoutPlace = 1_000_000;

/**
 * @param model its parameters hold `pooler.dense.*` and `classifier.*` besides the encoder's
 * @param recompute and `storage` as {@link encode}'s
 * @returns logits `[rows, labels]`
 * @throws ProblemError where the model has no pooler
 */
export function classifyBatch(
  model: Model,
  batch: PackedTokens,
  drop: Dropout | null,
  recompute = false,
  storage: Storage = 'float32',
): tf.Tensor2D {
  const { parameters, config } = model;
  const get = <T extends tf.Tensor>(name: string) => parameters.get(name) as tf.Tensor as T;
  const states = encode(parameters, config, batch, drop, recompute, storage);
  const layer = poolerLayer(states.at(-1)!, batch, parameters);
  const activated = families[config.family].headActivation === 'relu' ? tf.relu(layer) : tf.tanh(layer);
  const feature = dropout(activated, drop && { ...drop, place: dropoutPlace });
  return linear(feature, get('classifier.weight'), get('classifier.bias'));
}

/**
 * Logits of the softmax objective's classifier on (u, v, |u − v|).
 * @param u `[pairs, hidden]`
 * @param v `[pairs, hidden]`
 * @returns `[pairs, labels]`
 */
export function classifyEmbeddings({ parameters, config }: Model, u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor2D {
  const get = <T extends tf.Tensor>(name: string) => parameters.get(name) as tf.Tensor as T;
  return linear(pairFeatures(u, v, config.hidden_size), get('classifier.weight'), get('classifier.bias'));
}
