/**
 * Attention scores to probabilities on WASM, with dropout: p = softmax(scale · s) over a sentence's own keys, 0 beyond;
 * d = p · keep / (1 − rate). Gradient: dp = dd · keep / (1 − rate), ds = scale · p · (dp − Σ dp · p).
 *
 * Whether a probability is dropped follows from its head, its query's number among all packed tokens and its key's position in
 * the sentence ({@link dropoutIndex}), so that kernels that never hold the whole matrix draw the same mask.
 */
import * as tf from '@tensorflow/tfjs';
import type { PlacedDropout } from '../dropout.ts';
import { dropElements, maskOf } from '../dropout-mask.ts';
import { runKernel } from '../run-kernel.ts';
import type { Sentences } from '../sentences.ts';
import { defineWasmKernel } from '../wasm/wasm.ts';

const forward = 'EmbedsmithAttentionProbabilities';
const backward = 'EmbedsmithAttentionProbabilitiesGradient';

/** Indices that a query takes in each head; more than any sentence's tokens, and even: neighbours share a draw. */
const stride = 1024;

/** A probability's index for its random number, modulo 2³². */
export const dropoutIndex = (query: number, head: number, heads: number, key: number): number =>
  Math.imul(query * heads + head, stride) + key;

type Options = { scale: number; heads: number; drop: PlacedDropout | null };

type Attributes = { scale: number; heads: number; place: number; rate: number };

/** Visits the queries of all matrices: where a query's keys start, how many there are, and the first one's dropout index. */
function visitQueries(
  [matrices, longest]: readonly number[],
  starts: ArrayLike<number>,
  heads: number,
  visit: (start: number, length: number, index: number) => void,
): void {
  for (let matrix = 0; matrix < matrices!; matrix++) {
    const row = Math.floor(matrix / heads);
    const length = starts[row + 1]! - starts[row]!;
    for (let query = 0; query < longest!; query++) {
      const start = (matrix * longest! + query) * longest!;
      const index = dropoutIndex(starts[row]! + query, matrix % heads, heads, 0);
      visit(start, query < length ? length : 0, index);
    }
  }
}

// Gives p and, with dropout, d.
defineWasmKernel<Attributes>(
  forward,
  ([s], { rate }) => (rate > 0 ? [s!.shape, s!.shape] : [s!.shape]),
  ([s, starts, step], [p, dropped], { scale, heads, place, rate }, [info]) => {
    const longest = info!.shape[2]!;
    const mask = maskOf(step?.[0], rate, place);
    visitQueries(info!.shape, starts!, heads, (start, length, index) => {
      const end = start + length;
      let highest = Number.NEGATIVE_INFINITY;
      for (let j = start; j < end; j++) if (s![j]! > highest) highest = s![j]!;
      let sum = 0;
      for (let j = start; j < end; j++) {
        const e = Math.exp(scale * (s![j]! - highest));
        p![j] = e;
        sum += e;
      }
      for (let j = start; j < end; j++) p![j]! /= sum;
      p!.fill(0, end, start + longest);
      if (!dropped || !mask) return;
      dropElements([p!, start], [dropped, start], length, index, mask);
      dropped.fill(0, end, start + longest);
    });
  },
);

defineWasmKernel<Attributes>(
  backward,
  ([p]) => [p!.shape],
  ([p, dd, starts, step], [ds], { scale, heads, place, rate }, [info]) => {
    const longest = info!.shape[2]!;
    const mask = maskOf(step?.[0], rate, place);
    const dp = new Float64Array(longest);
    visitQueries(info!.shape, starts!, heads, (start, length, index) => {
      if (mask) dropElements([dd!, start], [dp, 0], length, index, mask);
      else for (let k = 0; k < length; k++) dp[k] = dd![start + k]!;
      let inner = 0;
      for (let k = 0; k < length; k++) inner += p![start + k]! * dp[k]!;
      for (let k = 0; k < length; k++) ds![start + k] = scale * p![start + k]! * (dp[k]! - inner);
      ds!.fill(0, start + length, start + longest);
    });
  },
);

/**
 * @param scores `[rows · heads, longest, longest]`, the heads of a sentence next to each other
 * @param options `scale` (positive, 1/√head size), `heads`, and the dropout; its key must outlive the gradient
 * @returns probabilities of the same shape; columns beyond a sentence's length are 0
 */
export function attentionProbabilities(
  scores: tf.Tensor3D,
  sentences: Sentences,
  { scale, heads, drop }: Options,
): tf.Tensor3D {
  const attributes = { scale, heads, place: drop?.place ?? 0, rate: drop?.rate ?? 0 };
  const inputs = [sentences.starts, ...(drop && drop.rate > 0 ? [drop.key] : [])];
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const [p, dropped] = runKernel(forward, [input, ...inputs], attributes);
    save([p!]);
    return {
      value: dropped ?? p!,
      gradFunc: (dy, saved) =>
        runKernel(backward, [(saved as tf.Tensor[])[0]!, dy as tf.Tensor, ...inputs], attributes)[0]!,
    };
  });
  return op(scores) as tf.Tensor3D;
}
