/** A model at work: configuration, tokenizer-independent weights, and sentences' embeddings from token batches. */
import type * as tf from '@tensorflow/tfjs';
import type { PoolingMode } from '../contract/catalogue.ts';
import type { ModelSizes } from '../contract/memory.ts';
import type { Storage } from '../kernels/device/storage.ts';
import type { Dropout } from '../kernels/dropout.ts';
import type { EncoderConfig } from './config.ts';
import { encode, isHalvable } from './encoder.ts';
import type { PackedTokens } from './packed-tokens.ts';
import type { Parameters } from './parameters.ts';
import { pool } from './pooling.ts';

export type Model = { config: EncoderConfig; parameters: Parameters };

/**
 * @param recompute and `storage` as {@link encode}'s
 * @returns embeddings `[rows, hidden]`, not normalised
 * @throws ProblemError where the pooling needs a pooler and the model has none
 */
export function embedBatch(
  model: Model,
  batch: PackedTokens,
  pooling: PoolingMode,
  drop: Dropout | null,
  recompute = false,
  storage: Storage = 'float32',
): tf.Tensor2D {
  const states = encode(model.parameters, model.config, batch, drop, recompute, storage);
  return pool(states, batch, pooling, model.parameters);
}

/** The model as far as memory cares. */
export function sizesOf({ config, parameters }: Model): ModelSizes {
  return {
    layers: config.num_hidden_layers,
    hidden: config.hidden_size,
    intermediate: config.intermediate_size,
    heads: config.num_attention_heads,
    vocabulary: config.vocab_size,
    positions: config.max_position_embeddings,
    types: config.type_vocab_size,
    halvable: isHalvable(config),
    pooler: parameters.has('pooler.dense.weight'),
  };
}
