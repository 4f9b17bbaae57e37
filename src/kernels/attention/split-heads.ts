/**
 * Packed states to one padded matrix for each sentence and head, and back, on WASM: `[tokens, heads · size]` ↔
 * `[rows · heads, longest, size]`, the heads of a sentence next to each other. Padding exists only between these two.
 * Each is the other's gradient.
 */
import * as tf from '@tensorflow/tfjs';
import { runKernel } from '../run-kernel.ts';
import { longestOf, type Sentences } from '../sentences.ts';
import { defineWasmKernel } from '../wasm/wasm.ts';

const splitKernel = 'EmbedsmithSplitHeads';
const mergeKernel = 'EmbedsmithMergeHeads';

/** `transposed`: the padded matrices are `[size, longest]`. */
type Attributes = { tokens: number; heads: number; longest: number; transposed: boolean };

/** Visits each token's part in each head: where its numbers start in the packed and in the padded layout, and the latter's stride. */
function visitParts(
  starts: ArrayLike<number>,
  { heads, longest, transposed }: Attributes,
  size: number,
  visit: (packed: number, padded: number, stride: number) => void,
): void {
  for (let row = 0; row + 1 < starts.length; row++) {
    const length = starts[row + 1]! - starts[row]!;
    for (let head = 0; head < heads; head++) {
      const matrix = (row * heads + head) * longest * size;
      for (let position = 0; position < length; position++) {
        const packed = ((starts[row]! + position) * heads + head) * size;
        if (transposed) visit(packed, matrix + position, longest);
        else visit(packed, matrix + position * size, 1);
      }
    }
  }
}

defineWasmKernel<Attributes>(
  splitKernel,
  ([x, starts], { heads, longest, transposed }) => {
    const size = x!.shape[1]! / heads;
    const matrices = (starts!.shape[0]! - 1) * heads;
    return [transposed ? [matrices, size, longest] : [matrices, longest, size]];
  },
  ([x, starts], [y], attributes, [info]) => {
    const size = info!.shape[1]! / attributes.heads;
    y!.fill(0);
    visitParts(starts!, attributes, size, (packed, padded, stride) => {
      for (let j = 0; j < size; j++) y![padded + j * stride] = x![packed + j]!;
    });
  },
);

defineWasmKernel<Attributes>(
  mergeKernel,
  ([x], { tokens, heads, transposed }) => [[tokens, heads * x!.shape[transposed ? 1 : 2]!]],
  ([x, starts], [y], attributes, [info]) => {
    const size = info!.shape[attributes.transposed ? 1 : 2]!;
    y!.fill(0);
    visitParts(starts!, attributes, size, (packed, padded, stride) => {
      for (let j = 0; j < size; j++) y![packed + j] = x![padded + j * stride]!;
    });
  },
);

function run(from: string, back: string, x: tf.Tensor, { starts }: Sentences, attributes: Attributes): tf.Tensor {
  const op = tf.customGrad((input) => ({
    value: runKernel(from, [input as tf.Tensor, starts], attributes)[0]!,
    gradFunc: (dy) => runKernel(back, [dy as tf.Tensor, starts], attributes)[0]!,
  }));
  return op(x);
}

/**
 * @param x `[tokens, hidden]`
 * @param heads divides hidden
 * @param transposed whether to give the transposed matrices
 * @returns `[rows · heads, longest, size]`, or transposed `[rows · heads, size, longest]`; zeros in the padding
 */
export function splitHeads(x: tf.Tensor2D, sentences: Sentences, heads: number, transposed: boolean): tf.Tensor3D {
  const attributes = { tokens: sentences.tokens, heads, longest: longestOf(sentences), transposed };
  return run(splitKernel, mergeKernel, x, sentences, attributes) as tf.Tensor3D;
}

/**
 * @param x `[rows · heads, longest, size]`
 * @returns `[tokens, heads · size]`; zeros for tokens of no sentence
 */
export function mergeHeads(x: tf.Tensor3D, sentences: Sentences, heads: number): tf.Tensor2D {
  const attributes = { tokens: sentences.tokens, heads, longest: x.shape[1], transposed: false };
  return run(mergeKernel, splitKernel, x, sentences, attributes) as tf.Tensor2D;
}
