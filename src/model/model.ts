/** A model at work: configuration, tokenizer-independent weights, and sentences' embeddings from token batches. */
import type * as tf from '@tensorflow/tfjs';
import type { PoolingMode } from '../contract/catalogue.ts';
import type { TokenBatch } from '../contract/tokens.ts';
import type { BertConfig } from './config.ts';
import { type Dropout, encode } from './encoder.ts';
import type { Parameters } from './parameters.ts';
import { pool } from './pooling.ts';

export type Model = { config: BertConfig; parameters: Parameters };

/** @returns embeddings `[rows, hidden]`, not normalised */
export function embedBatch(model: Model, batch: TokenBatch, pooling: PoolingMode, drop: Dropout): tf.Tensor2D {
  const states = encode(model.parameters, model.config, batch, drop);
  return pool(states.at(-1)!, batch, pooling);
}
