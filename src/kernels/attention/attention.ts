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
import { attentionProbabilities, dropoutIndex } from './attention-probabilities.ts';
import { batchMatMul } from './batch-mat-mul.ts';
import { mergeHeads, splitHeads } from './split-heads.ts';
import './attention-webgpu.ts';
import './attention-gradient-webgpu.ts';

const fused = 'EmbedsmithAttention';
const fusedGradient = 'EmbedsmithAttentionGradient';

type Inputs = [query: tf.Tensor2D, key: tf.Tensor2D, value: tf.Tensor2D];

/** The oracle, in stock operations, a sentence and a head at a time; differentiable. The arguments are {@link attention}'s. */
export function attentionReference(
  inputs: Inputs,
  { host: { starts } }: Pick<Sentences, 'host'>,
  { heads, drop }: { heads: number; drop: PlacedDropout | null },
): tf.Tensor2D {
  const [tokens, hidden] = inputs[0].shape;
  const size = hidden / heads;
  const mask = readMask(drop);
  const kept = scaleOf(mask?.threshold ?? 0);
  const bySentence = Array.from(starts.subarray(0, -1), (start, row) => {
    const length = starts[row + 1]! - start;
    const byHead = Array.from({ length: heads }, (_, head) => {
      const [q, k, v] = inputs.map((x) => tf.slice(x, [start, head * size], [length, size])) as Inputs;
      const p = tf.softmax(tf.div(tf.matMul(q, k, false, true), Math.sqrt(size)));
      const factors = Float32Array.from({ length: length * length }, (_, i) => {
        const index = dropoutIndex(start + Math.floor(i / length), head, heads, i % length);
        return mask && randomBits(mask.key, index) < mask.threshold ? 0 : kept;
      });
      return tf.matMul(tf.mul(p, tf.tensor2d(factors, [length, length])), v) as tf.Tensor2D;
    });
    return tf.concat(byHead, 1);
  });
  return tf.concat([...bySentence, tf.zeros([tokens - starts.at(-1)!, hidden])], 0) as tf.Tensor2D;
}

/** In one pass each way, where the backend has the kernels of attention-webgpu.ts. */
function fusedAttention(inputs: Inputs, { starts }: Sentences, heads: number, drop: PlacedDropout | null): tf.Tensor2D {
  const attributes = { heads, rate: drop?.rate ?? 0, place: drop?.place ?? 0 };
  const op = tf.customGrad((...args) => {
    const [query, key, value, save] = args as unknown as [...Inputs, tf.GradSaveFunc];
    const [out, statistics] = runKernel(
      fused,
      [query, key, value, starts, ...(attributes.rate > 0 ? [drop!.key] : [])],
      attributes,
    );
    save([query, key, value, starts, out!, statistics!]);
    return {
      value: out!,
      gradFunc: (dout, saved) => runKernel(fusedGradient, [...(saved as tf.Tensor[]), dout as tf.Tensor], attributes),
    };
  });
  return op(...inputs) as tf.Tensor2D;
}

/** By a matrix of probabilities for each sentence and head, on WASM, whose products are fast. */
function attentionByMatrices(
  [query, key, value]: Inputs,
  sentences: Sentences,
  heads: number,
  drop: PlacedDropout | null,
): tf.Tensor2D {
  const scale = 1 / Math.sqrt(query.shape[1] / heads);
  const q = splitHeads(query, sentences, heads, false);
  const kT = splitHeads(key, sentences, heads, true);
  const v = splitHeads(value, sentences, heads, false);
  const probabilities = attentionProbabilities(batchMatMul(q, kT), sentences, { scale, heads, drop });
  return mergeHeads(batchMatMul(probabilities, v), sentences, heads);
}

/**
 * @param inputs query, key and value, each `[tokens, hidden]`; sentences have at most 1024 tokens
 * @param sentences where they start; a token attends to those of its own sentence. Must outlive the gradient.
 * @param options `heads` divides hidden; dropout of the probabilities
 * @returns `[tokens, hidden]`; zeros for tokens of no sentence
 */
export function attention(
  inputs: Inputs,
  sentences: Sentences,
  { heads, drop }: { heads: number; drop: PlacedDropout | null },
): tf.Tensor2D {
  if (hasKernel(fused)) return fusedAttention(inputs, sentences, heads, drop);
  if (tf.getBackend() === 'wasm') return attentionByMatrices(inputs, sentences, heads, drop);
  return attentionReference(inputs, sentences, { heads, drop });
}
