/**
 * Rows of a table by index (an embedding lookup): y[i] = table[indices[i]].
 *
 * Gradient: dtable[r] = Σ dy[i] over all i with indices[i] = r. Summed in the order of i on every backend, so that the
 * same seed gives the same weights; the cost is the tokens' plus the writing of the table once.
 */
import * as tf from '@tensorflow/tfjs';
import { defineWasmKernel, hasKernel, runKernel } from './wasm.ts';
import { defineWebGPUKernel } from './webgpu.ts';

const forward = 'EmbedsmithGatherRows';
const backward = 'EmbedsmithGatherRowsGradient';

type Attributes = { rows: number; width: number };

/** The oracle; its gradient is tfjs's segment sum, O(rows · indices) where a backend has it. */
function gatherRowsReference(table: tf.Tensor2D, indices: Int32Array): tf.Tensor2D {
  return tf.gather(table, tf.tensor1d(indices, 'int32'));
}

/** Positions sorted by index, and where each row's positions start: `[order (count), starts (rows + 1)]`. */
function sortByIndex(indices: Int32Array, rows: number): [order: Int32Array, starts: Int32Array] {
  const starts = new Int32Array(rows + 1);
  for (const index of indices) starts[index + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  const next = starts.slice();
  const order = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) order[next[indices[i]!]!++] = i;
  return [order, starts];
}

// tfjs's own gather copies element by element on WASM; this copies whole rows.
defineWasmKernel(
  forward,
  ([table, indices]) => [[indices!.shape[0]!, table!.shape[1]!]],
  ([table, indices], [y], _, [info]) => {
    const width = info!.shape[1]!;
    for (let i = 0; i < indices!.length; i++) {
      const from = indices![i]! * width;
      y!.set(table!.subarray(from, from + width), i * width);
    }
  },
);

defineWasmKernel<Attributes>(
  backward,
  (_, { rows, width }) => [[rows, width]],
  ([dy, order, starts], [dtable], { rows, width }) => {
    dtable!.fill(0);
    for (let row = 0; row < rows; row++) {
      for (let k = starts![row]!; k < starts![row + 1]!; k++) {
        const from = order![k]! * width;
        for (let j = 0; j < width; j++) dtable![row * width + j]! += dy![from + j]!;
      }
    }
  },
);

defineWebGPUKernel<Attributes>(backward, {
  variables: ['dy', 'order', 'starts'],
  integers: ['width', 'rows'],
  outputShape: (_, { rows, width }) => [rows, width],
  body: `
    let row = index / uniforms.width;
    let column = index % uniforms.width;
    var sum = 0.0;
    for (var k = starts[row]; k < starts[row + 1]; k = k + 1) {
      sum = sum + dy[order[k] * uniforms.width + column];
    }
    setOutputAtIndex(index, sum);`,
});

/**
 * @param table `[rows, width]`
 * @param indices `count` integers in 0 … rows − 1
 * @returns `[count, width]`
 */
export function gatherRows(table: tf.Tensor2D, indices: Int32Array): tf.Tensor2D {
  if (!hasKernel(backward)) return gatherRowsReference(table, indices);
  const op = tf.customGrad((input) => {
    const [rows, width] = (input as tf.Tensor2D).shape;
    return {
      value: hasKernel(forward)
        ? runKernel(forward, [input as tf.Tensor, tf.tensor1d(indices, 'int32')])[0]!
        : gatherRowsReference(input as tf.Tensor2D, indices),
      gradFunc: (dy) => {
        const [order, starts] = sortByIndex(indices, rows);
        const sorted = [tf.tensor1d(order, 'int32'), tf.tensor1d(starts, 'int32')];
        return runKernel(backward, [dy as tf.Tensor, ...sorted], { rows, width })[0]!;
      },
    };
  });
  return op(table) as tf.Tensor2D;
}
