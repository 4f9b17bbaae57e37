/** A token batch as the encoder reads it: arrays on the CPU, and the same as tensors, because all of it changes with each step. */
import type * as tf from '@tensorflow/tfjs';
import type { TokenBatch } from '../contract/tokens.ts';
import { indexTokens } from '../kernels/norm/index-tokens.ts';
import { type OnDevice, uploadArrays } from '../kernels/recording/step-arrays.ts';
import type { Sentences } from '../kernels/sentences.ts';
import type { EncoderConfig } from './config.ts';

/**
 * `index` as {@link indexTokens} makes it, of the tables word, position and, where the model has it, type; `starts`
 * `[rows + 1]`, where sentences start.
 */
export type TokenArrays = { index: Int32Array; starts: Int32Array };

export type PackedTokens = Sentences & { /** `[2 · tables, tokens]` int32. */ index: tf.Tensor2D };

/**
 * The arrays of a batch.
 * @param capacity tokens to make room for; those beyond the batch's belong to no sentence
 */
export function tokenArrays(batch: TokenBatch, config: EncoderConfig, capacity = batch.tokens): TokenArrays {
  const { rows, starts } = batch;
  const ids = new Int32Array(capacity);
  ids.set(batch.ids);
  const positions = new Int32Array(capacity);
  for (let row = 0; row < rows; row++) {
    for (let i = starts[row]!; i < starts[row + 1]!; i++) positions[i] = config.position_offset + i - starts[row]!;
  }
  const types = new Int32Array(capacity);
  // With one type only (RoBERTa), the second text of a pair has it, too.
  if (config.type_vocab_size > 1) types.set(batch.types);
  return { index: indexTokens(config.type_vocab_size > 0 ? [ids, positions, types] : [ids, positions]), starts };
}

/** The batch on the device, from its arrays and what they are there. */
export function packedTokens(
  host: TokenArrays,
  { index, starts }: OnDevice<TokenArrays>,
  config: EncoderConfig,
): PackedTokens {
  const tables = config.type_vocab_size > 0 ? 3 : 2;
  const tokens = host.index.length / (2 * tables);
  return { rows: host.starts.length - 1, tokens, index: index.reshape([2 * tables, tokens]), starts, host };
}

/** Puts a batch on the device; a tidy around the step disposes it. It must outlive the gradients. */
export function uploadTokens(batch: TokenBatch, config: EncoderConfig): PackedTokens {
  const arrays = tokenArrays(batch, config);
  return packedTokens(arrays, uploadArrays(arrays), config);
}
