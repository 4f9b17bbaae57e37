/**
 * Multi-head scaled dot-product attention within each sentence (Vaswani et al. 2017), with dropout on the
 * probabilities: softmax(Q · Kᵀ / √d) · V per head.
 */
import * as tf from '@tensorflow/tfjs';
import { dropout } from './dropout.ts';
import { maskedSoftmax } from './masked-softmax.ts';
import { batchMatMul } from './mat-mul.ts';

/**
 * @param query, key, value `[sentences · tokens, hidden]`
 * @param lengths real tokens of each sentence; what lies beyond is not attended to
 * @param heads divides hidden
 * @param rate dropout rate of the probabilities, with the `key` of its mask
 * @returns `[sentences · tokens, hidden]`
 */
export function attention(
  [query, key, value]: [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D],
  { lengths, heads, rate, dropoutKey }: { lengths: Int32Array; heads: number; rate: number; dropoutKey: number },
): tf.Tensor2D {
  const [positions, hidden] = query.shape;
  const sentences = lengths.length;
  const tokens = positions / sentences;
  const size = hidden / heads;
  const split = (x: tf.Tensor2D, permutation: number[], shape: [number, number, number]) =>
    tf.transpose(x.reshape([sentences, tokens, heads, size]), permutation).reshape(shape) as tf.Tensor3D;

  const q = split(query, [0, 2, 1, 3], [sentences * heads, tokens, size]);
  const kT = split(key, [0, 2, 3, 1], [sentences * heads, size, tokens]);
  const v = split(value, [0, 2, 1, 3], [sentences * heads, tokens, size]);
  const probabilities = maskedSoftmax(batchMatMul(q, kT), { scale: 1 / Math.sqrt(size), heads, lengths });
  const context = batchMatMul(dropout(probabilities, rate, dropoutKey), v); // [sentences · heads, tokens, size]
  return tf
    .transpose(context.reshape([sentences, heads, tokens, size]), [0, 2, 1, 3])
    .reshape([positions, hidden]) as tf.Tensor2D;
}
