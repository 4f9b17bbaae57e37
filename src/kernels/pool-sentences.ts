/**
 * One vector a sentence from its tokens' states, x `[tokens, width]` → y `[rows, width]`, over the n tokens of each row:
 *   mean: Σ x / n;  mean_sqrt_len: Σ x / √n;  first: x of the first token;  max: the largest of each dimension.
 * Gradients: dx = dy / n, dy / √n, dy at the first token, dy at the first token that has the largest value; 0 elsewhere.
 */
import * as tf from '@tensorflow/tfjs';
import { currentDispatcher } from './device/webgpu.ts';
import './pool-sentences-webgpu.ts';
import { hasKernel, runKernel } from './run-kernel.ts';
import type { Sentences } from './sentences.ts';
import { defineWasmKernel } from './wasm/wasm.ts';

const forward = 'EmbedsmithPoolSentences';
const backward = 'EmbedsmithPoolSentencesGradient';

export type SentencePooling = 'mean' | 'mean_sqrt_len' | 'first' | 'max';

type Attributes = { tokens: number; pooling: SentencePooling };

/** The oracle, in stock operations, a sentence at a time; differentiable. */
export function poolSentencesReference(
  x: tf.Tensor2D,
  { host: { starts } }: Pick<Sentences, 'host'>,
  pooling: SentencePooling,
): tf.Tensor2D {
  const pooled = Array.from(starts.subarray(0, -1), (start, row) => {
    const length = starts[row + 1]! - start;
    const own = tf.slice(x, [start, 0], [length, x.shape[1]]);
    if (pooling === 'max') return tf.max(own, 0, true);
    if (pooling === 'first') return tf.slice(own, [0, 0], [1, x.shape[1]]);
    return tf.div(tf.sum(own, 0, true), pooling === 'mean' ? length : Math.sqrt(length));
  });
  return tf.concat(pooled, 0) as tf.Tensor2D;
}

/** How many of a sentence's tokens are summed, and what the sum is multiplied by. */
function sumOver(pooling: SentencePooling, length: number): { count: number; factor: number } {
  if (pooling === 'first') return { count: 1, factor: 1 };
  return { count: length, factor: pooling === 'mean' ? 1 / length : 1 / Math.sqrt(length) };
}

/** Where the largest of a sentence's values in one dimension lies. */
function argMax(x: ArrayLike<number>, start: number, end: number, width: number): number {
  let best = start;
  for (let at = start + width; at < end; at += width) if (x[at]! > x[best]!) best = at;
  return best;
}

defineWasmKernel<Attributes>(
  forward,
  ([x, starts]) => [[starts!.shape[0]! - 1, x!.shape[1]!]],
  ([x, starts], [y], { pooling }, [info]) => {
    const width = info!.shape[1]!;
    for (let row = 0; row + 1 < starts!.length; row++) {
      const [start, end] = [starts![row]!, starts![row + 1]!];
      const { count, factor } = sumOver(pooling, end - start);
      for (let j = 0; j < width; j++) {
        if (pooling === 'max') {
          y![row * width + j] = x![argMax(x!, start * width + j, end * width, width)]!;
          continue;
        }
        let sum = 0;
        for (let token = start; token < start + count; token++) sum += x![token * width + j]!;
        y![row * width + j] = sum * factor;
      }
    }
  },
);

// Of x only the maximum has need; the others' is the gradient itself.
defineWasmKernel<Attributes>(
  backward,
  ([dy], { tokens }) => [[tokens, dy!.shape[1]!]],
  ([dy, starts, x], [dx], { pooling }, [info]) => {
    const width = info!.shape[1]!;
    dx!.fill(0);
    for (let row = 0; row + 1 < starts!.length; row++) {
      const [start, end] = [starts![row]!, starts![row + 1]!];
      const { count, factor } = sumOver(pooling, end - start);
      for (let j = 0; j < width; j++) {
        const slope = dy![row * width + j]!;
        if (x) dx![argMax(x, start * width + j, end * width, width)] = slope;
        else for (let token = start; token < start + count; token++) dx![token * width + j] = slope * factor;
      }
    }
  },
);

/**
 * @param x `[tokens, width]`, floats or halves; its gradient will be alike
 * @param sentences must outlive the gradient
 * @returns `[rows, width]`
 */
export function poolSentences(x: tf.Tensor2D, sentences: Sentences, pooling: SentencePooling): tf.Tensor2D {
  if (!hasKernel(forward)) return poolSentencesReference(x, sentences, pooling);
  const { tokens, starts } = sentences;
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save(pooling === 'max' ? [input] : []);
    const attributes = { tokens, pooling, storage: currentDispatcher()?.storageOf(input) ?? 'float32' };
    return {
      value: runKernel(forward, [input, starts], attributes)[0]!,
      gradFunc: (dy, saved) =>
        runKernel(backward, [dy as tf.Tensor, starts, ...(saved as tf.Tensor[])], attributes)[0]!,
    };
  });
  return op(x) as tf.Tensor2D;
}
