/** Attention on WASM, in one pass each way (attention-simd.ts); the probabilities are computed again for the gradient. */
import * as tf from '@tensorflow/tfjs';
import type { PlacedDropout } from '../dropout.ts';
import { maskOf, simdMask } from '../dropout-mask.ts';
import { runKernel } from '../run-kernel.ts';
import { longestOf, type Sentences } from '../sentences.ts';
import { defineSimdKernel, type SimdCall } from '../wasm/wasm.ts';

const forward = 'EmbedsmithAttentionOnWasm';
const backward = 'EmbedsmithAttentionOnWasmGradient';

type Attributes = { heads: number; longest: number; rate: number; place: number };

/** Queries that the kernels compute together. */
const block = 32;

/**
 * Runs a kernel over all sentences and heads.
 * @param numbers the addresses that it begins with
 * @param matrices how many transposed matrices, and blocks of scores, it needs at a time
 * @param inputs places of qkv, starts and the step's key among the inputs
 */
function overSentences(
  { simd, infos, room, firstInt }: SimdCall,
  { heads, longest, rate, place }: Attributes,
  name: string,
  numbers: number[],
  matrices: number,
  inputs: { qkv: number; starts: number; key: number },
): void {
  const [tokens, columns] = infos[inputs.qkv]!.shape as [number, number];
  const rows = infos[inputs.starts]!.shape[0]! - 1;
  const size = columns / 3 / heads;
  const parts = simd.partsFor(tokens * columns);
  const roomOfPart = matrices * (size + block) * Math.ceil(longest / 8) * 8;
  const mask = simdMask(maskOf(firstInt(inputs.key), rate, place));
  const shape = [tokens, rows, heads, size, 1 / Math.sqrt(size)];
  simd.run(name, parts, ...numbers, room(parts * roomOfPart), roomOfPart, ...shape, ...mask);
}

// Inputs: qkv, starts, and the step's key where there is dropout.
defineSimdKernel<Attributes>(
  forward,
  ([qkv], { heads }) => {
    const [tokens, columns] = qkv!.shape as [number, number];
    return [
      [tokens, columns / 3],
      [tokens, heads, 2],
    ];
  },
  (call, attributes) => {
    const [qkv, starts] = call.inputs as [number, number];
    const inputs = { qkv: 0, starts: 1, key: 2 };
    overSentences(call, attributes, 'attention', [qkv, starts, ...call.outputs], 1, inputs);
  },
);

// Inputs: dout, the statistics, and those of forward.
defineSimdKernel<Attributes>(
  backward,
  ([, , qkv]) => [qkv!.shape],
  (call, attributes) => {
    const [dout, statistics, qkv, starts] = call.inputs as [number, number, number, number];
    const inputs = { qkv: 2, starts: 3, key: 4 };
    const numbers = [dout, qkv, starts, statistics, ...call.outputs];
    overSentences(call, attributes, 'attentionGradient', numbers, 2, inputs);
  },
);

/**
 * @param qkv `[tokens, 3 · hidden]`, query, key and value of a token side by side
 * @returns `[tokens, hidden]`; zeros for tokens of no sentence
 */
export function attentionOnWasm(
  qkv: tf.Tensor2D,
  sentences: Sentences,
  { heads, drop }: { heads: number; drop: PlacedDropout | null },
): tf.Tensor2D {
  const rate = drop?.rate ?? 0;
  const attributes = { heads, longest: longestOf(sentences), rate, place: drop?.place ?? 0 };
  const others = [sentences.starts, ...(drop && rate > 0 ? [drop.key] : [])];
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const [out, statistics] = runKernel(forward, [input, ...others], attributes);
    save([statistics!, input]);
    return {
      value: out!,
      gradFunc: (dy, saved) =>
        runKernel(backward, [dy as tf.Tensor, ...(saved as tf.Tensor[]), ...others], attributes)[0]!,
    };
  });
  return op(qkv) as tf.Tensor2D;
}
