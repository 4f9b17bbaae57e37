/** Lengths, angles and distances between embeddings. */
import * as tf from '@tensorflow/tfjs';
import { normalizeRows } from '../kernels/similarity/normalize-rows.ts';
import { innerProducts } from '../kernels/similarity/ranking-loss.ts';
import { rowCosines } from '../kernels/similarity/row-cosines.ts';

/**
 * Rows divided by their Euclidean length; a length below 1e-12 counts as that (torch.nn.functional.normalize).
 * @param x `[rows, hidden]`
 */
export function normalize(x: tf.Tensor2D): tf.Tensor2D {
  return normalizeRows(x);
}

/**
 * Cosine of every row of `u` with every row of `v`.
 * @param u `[m, hidden]`
 * @param v `[n, hidden]`
 * @returns `[m, n]`, −1 … 1
 */
export function cosineMatrix(u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor2D {
  return innerProducts(normalize(u), normalize(v));
}

/**
 * Cosine of each row of `u` with the same row of `v`, both `[rows, hidden]`.
 * @returns `[rows]`, −1 … 1
 */
export function pairCosines(u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor1D {
  return rowCosines(u, v);
}

/**
 * Distance of each row of `u` to the same row of `v`, both `[rows, hidden]`.
 * @returns `[rows]`: Euclidean 0 …, cosine (1 − cosine) 0 … 2, Manhattan 0 …
 */
export function pairDistances(u: tf.Tensor2D, v: tf.Tensor2D, kind: 'euclidean' | 'cosine' | 'manhattan'): tf.Tensor1D {
  if (kind === 'cosine') return tf.sub(1, pairCosines(u, v));
  if (kind === 'manhattan') return tf.sum(tf.abs(tf.sub(u, v)), -1);
  // Of equal rows the root has no slope; below this bound its gradient is 0, as torch.norm's is.
  return tf.sqrt(tf.maximum(tf.sum(tf.square(tf.sub(u, v)), -1), 1e-12));
}

/**
 * SBERT's features of a pair (Reimers & Gurevych 2019): u, v and |u − v| side by side.
 * @param u `[rows, width]`
 * @param v `[rows, width]`
 * @param hidden where `width` is less, each part is filled up with zeros, so that a head of full width reads truncated embeddings
 * @returns `[rows, 3 · hidden]`
 */
export function pairFeatures(u: tf.Tensor2D, v: tf.Tensor2D, hidden: number): tf.Tensor2D {
  const fill = (x: tf.Tensor2D): tf.Tensor2D =>
    x.shape[1] === hidden
      ? x
      : tf.pad(x, [
          [0, 0],
          [0, hidden - x.shape[1]],
        ]);
  return tf.concat([fill(u), fill(v), fill(tf.abs(tf.sub(u, v)))], 1);
}
