/**
 * Multi-head scaled dot-product attention within each sentence (Vaswani et al. 2017), with dropout on the
 * probabilities: softmax(Q · Kᵀ / √d) · V per head.
 */
import * as tf from '@tensorflow/tfjs';
import { type PlacedDropout, readMask } from '../dropout.ts';
import { scaleOf } from '../dropout-mask.ts';
import { randomBits } from '../random.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import type { Sentences } from '../sentences.ts';
import { attentionOnWasm } from './attention-wasm.ts';
import './attention-webgpu.ts';
import './attention-gradient-webgpu.ts';

const fused = 'EmbedsmithAttention';
const fusedGradient = 'EmbedsmithAttentionGradient';

type Options = { heads: number; drop: PlacedDropout | null };

/** Indices that a query takes in each head; more than any sentence's tokens, and even: neighbours share a draw. */
const stride = 1024;

/**
 * A probability's index for its random number, modulo 2³², from its head, its query's number among all packed tokens and
 * its key's position in the sentence, so that every kernel draws the same mask.
 */
const dropoutIndex = (query: number, head: number, heads: number, key: number): number =>
  Math.imul(query * heads + head, stride) + key;

/** The oracle, in stock operations, a sentence and a head at a time; differentiable. The arguments are {@link attention}'s. */
export function attentionReference(
  qkv: tf.Tensor2D,
  { host: { starts } }: Pick<Sentences, 'host'>,
  { heads, drop }: Options,
): tf.Tensor2D {
  const [tokens, joined] = qkv.shape;
  const hidden = joined / 3;
  const size = hidden / heads;
  const mask = readMask(drop);
  const kept = scaleOf(mask?.threshold ?? 0);
  const bySentence = Array.from(starts.subarray(0, -1), (start, row) => {
    const length = starts[row + 1]! - start;
    const byHead = Array.from({ length: heads }, (_, head) => {
      const part = (i: number) => tf.slice(qkv, [start, i * hidden + head * size], [length, size]);
      const p = tf.softmax(tf.div(tf.matMul(part(0), part(1), false, true), Math.sqrt(size)));
      const factors = Float32Array.from({ length: length * length }, (_, i) => {
        const index = dropoutIndex(start + Math.floor(i / length), head, heads, i % length);
        return mask && randomBits(mask.key, index) < mask.threshold ? 0 : kept;
      });
      return tf.matMul(tf.mul(p, tf.tensor2d(factors, [length, length])), part(2)) as tf.Tensor2D;
    });
    return tf.concat(byHead, 1);
  });
  return tf.concat([...bySentence, tf.zeros([tokens - starts.at(-1)!, hidden])], 0) as tf.Tensor2D;
}

/** In one pass each way, where the backend has the kernels of attention-webgpu.ts. */
function fusedAttention(qkv: tf.Tensor2D, { starts }: Sentences, { heads, drop }: Options): tf.Tensor2D {
  const attributes = { heads, rate: drop?.rate ?? 0, place: drop?.place ?? 0 };
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const [out, statistics] = runKernel(
      fused,
      [input, starts, ...(attributes.rate > 0 ? [drop!.key] : [])],
      attributes,
    );
    save([input, starts, out!, statistics!]);
    return {
      value: out!,
      gradFunc: (dout, saved) =>
        runKernel(fusedGradient, [...(saved as tf.Tensor[]), dout as tf.Tensor], attributes)[0]!,
    };
  });
  return op(qkv) as tf.Tensor2D;
}

/**
 * @param qkv `[tokens, 3 · hidden]`: query, key and value side by side; sentences have at most 1024 tokens
 * @param sentences where they start; a token attends to those of its own sentence. Must outlive the gradient.
 * @param options `heads` divides hidden; dropout of the probabilities
 * @returns `[tokens, hidden]`; zeros for tokens of no sentence
 */
export function attention(qkv: tf.Tensor2D, sentences: Sentences, options: Options): tf.Tensor2D {
  if (hasKernel(fused)) return fusedAttention(qkv, sentences, options);
  if (tf.getBackend() === 'wasm') return attentionOnWasm(qkv, sentences, options);
  return attentionReference(qkv, sentences, options);
}
