/**
 * The encoder of BERT (Devlin et al. 2019), RoBERTa (Liu et al. 2019) and DistilBERT (Sanh et al. 2019): token ids to hidden states.
 *   x₀ = LN(word + position + type);  for each layer: a = LN(x + attention(x)), x = LN(a + W₂ f(W₁ a)), f as a rule GELU.
 * RoBERTa's positions begin at an offset; DistilBERT has no token types. Dropout after the embeddings, on the attention probabilities and before each residual sum, as in Hugging Face's BertModel.
 */
import * as tf from '@tensorflow/tfjs';
import { attention } from '../kernels/attention/attention.ts';
import type { Storage } from '../kernels/device/storage.ts';
import { currentDispatcher } from '../kernels/device/webgpu.ts';
import type { Dropout, PlacedDropout } from '../kernels/dropout.ts';
import { feedForward } from '../kernels/linear/feed-forward.ts';
import { linear, linears } from '../kernels/linear/linear.ts';
import { addLayerNorm } from '../kernels/norm/add-layer-norm.ts';
import { embedTokens } from '../kernels/norm/embed-tokens.ts';
import { recomputed } from '../kernels/recompute.ts';
import type { EncoderConfig } from './config.ts';
import type { PackedTokens } from './packed-tokens.ts';
import { type Parameters, projections } from './parameters.ts';

/** Whether every operation of the encoder has a program for halves. */
export function isHalvable(config: EncoderConfig): boolean {
  const { hidden_size: hidden, intermediate_size: intermediate, num_attention_heads: heads, hidden_act } = config;
  return hidden_act === 'gelu' && [hidden / heads, hidden, intermediate].every((width) => width % 4 === 0);
}

/** The storage of hidden states that is wanted, if the device and the encoder can have it; else floats. */
export const allowedStorage = (config: EncoderConfig, wanted: Storage): Storage =>
  isHalvable(config) && currentDispatcher() ? wanted : 'float32';

/** Places of dropout in a layer: attention, and the two residual sums. */
const placesOfLayer = 3;

/**
 * @param batch the tokens of all sentences, one after the other; must outlive the gradients
 * @param drop null for inference
 * @param recompute whether a layer keeps its input alone for the gradients, and runs again for them
 * @param storage of the hidden states, one that {@link allowedStorage} allows
 * @returns the embeddings' output and that of each layer: layers + 1 tensors, each `[tokens, hidden]`
 */
export function encode(
  parameters: Parameters,
  config: EncoderConfig,
  batch: PackedTokens,
  drop: Dropout | null,
  recompute = false,
  storage: Storage = 'float32',
): tf.Tensor2D[] {
  const get = <T extends tf.Tensor>(name: string) => parameters.get(name) as tf.Tensor as T;
  const weight = (name: string) => get<tf.Tensor2D>(`${name}.weight`);
  const bias = (name: string) => get<tf.Tensor1D>(`${name}.bias`);
  const dense = (name: string) => [weight(`${name}.dense`), bias(`${name}.dense`)] as [tf.Tensor2D, tf.Tensor1D];
  const norm = (name: string) => [get<tf.Tensor1D>(`${name}.LayerNorm.weight`), bias(`${name}.LayerNorm`)] as const;
  const epsilon = config.layer_norm_eps;
  const dropAt = (place: number): PlacedDropout | null => drop && { ...drop, place };

  const tables = ['word', 'position', ...(config.type_vocab_size > 0 ? ['token_type'] : [])];
  const states = [
    embedTokens(
      tables.map((name) => get<tf.Tensor2D>(`embeddings.${name}_embeddings.weight`)),
      batch.index,
      ...norm('embeddings'),
      epsilon,
      dropAt(0),
      storage,
    ),
  ]; // [tokens, hidden]

  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `encoder.layer.${i}`;
    const place = 1 + placesOfLayer * i;
    const inputs = projections(layer);
    const run = (x: tf.Tensor2D): tf.Tensor2D => {
      const [projected, input] = linears(x, inputs.map(weight), inputs.map(bias)); // [tokens, 3 · hidden]
      const options = { heads: config.num_attention_heads, drop: dropAt(place) };
      const context = attention(projected, batch, options);
      const output = linear(context, ...dense(`${layer}.attention.output`));
      const sum = addLayerNorm(output, input, ...norm(`${layer}.attention.output`), epsilon, dropAt(place + 1));
      const layers = [dense(`${layer}.intermediate`), dense(`${layer}.output`)] as const;
      const [fed, attended] = feedForward(sum, ...layers, config.hidden_act);
      return addLayerNorm(fed, attended, ...norm(`${layer}.output`), epsilon, dropAt(place + 2));
    };
    const own = [...parameters].flatMap(([name, parameter]) => (name.startsWith(`${layer}.`) ? [parameter] : []));
    // What the gradients have no need of goes with the layer.
    states.push(recompute ? recomputed(run, states[i]!, own) : tf.tidy(() => run(states[i]!)));
  }
  return states;
}
