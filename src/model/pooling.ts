/** From the hidden states of a sentence's tokens to its one embedding. */
import * as tf from '@tensorflow/tfjs';
import type { PoolingMode } from '../contract/catalogue.ts';
import type { TokenBatch } from '../contract/tokens.ts';

/** `[rows, tokens]` with `real` at each sentence's real tokens and `padding` beyond. */
function tokenMask(
  { rows, tokens, lengths }: TokenBatch,
  real: (length: number) => number,
  padding: number,
): Float32Array {
  const mask = new Float32Array(rows * tokens).fill(padding);
  for (let row = 0; row < rows; row++) mask.fill(real(lengths[row]!), row * tokens, row * tokens + lengths[row]!);
  return mask;
}

/**
 * @param states `[rows · tokens, hidden]`, the last layer's
 * @param mode mean: average over the real tokens; cls: the first token; max: largest value of each dimension over the real tokens
 * @returns `[rows, hidden]`
 */
export function pool(states: tf.Tensor2D, batch: TokenBatch, mode: PoolingMode): tf.Tensor2D {
  const { rows, tokens } = batch;
  const hidden = states.shape[1];
  const x = states.reshape([rows, tokens, hidden]) as tf.Tensor3D;
  if (mode === 'cls') return x.slice([0, 0, 0], [rows, 1, hidden]).reshape([rows, hidden]);
  if (mode === 'mean') {
    const share = tf.tensor3d(
      tokenMask(batch, (length) => 1 / length, 0),
      [rows, tokens, 1],
    );
    return tf.sum(tf.mul(x, share), 1);
  }
  const bias = tf.tensor3d(
    tokenMask(batch, () => 0, -1e9),
    [rows, tokens, 1],
  );
  return tf.max(tf.add(x, bias), 1);
}
