/**
 * Matrix products on WASM (mat-mul-simd.ts). tfjs's own run at a fifteenth of their speed where an operand is transposed,
 * and elsewhere at three quarters of this one's.
 */
import type * as tf from '@tensorflow/tfjs';
import { runKernel } from '../run-kernel.ts';
import { defineSimdKernel } from './wasm.ts';

const product = 'EmbedsmithMatMul';
const columnSums = 'EmbedsmithColumnSums';

/** Which operands are transposed, a before b: `t`, or `n` for one that is not. */
type Form = 'nn' | 'nt' | 'tn';

const float = 4; // bytes

/** Floats that each part of a product has room for, and how much of a product's work is like an element of other kernels. */
const roomOfPart = 4 * 512 + 32;
const worthOfElement = 8;

/** How much of k is packed at a time; a batch may have any number of tokens. */
const most = 2048;

/** Rows and columns of an operand as the product sees it, and the strides of its own. */
function orient({ shape }: tf.TensorInfo, transposed: boolean) {
  const [rows, columns] = shape as [number, number];
  return transposed
    ? { rows: columns, columns: rows, row: float, column: float * columns }
    : { rows, columns, row: float * columns, column: float };
}

// Inputs: a, b, and the bias if there is one.
defineSimdKernel<{ form: Form }>(
  product,
  ([a, b], { form }) => [[orient(a!, form === 'tn').rows, orient(b!, form === 'nt').columns]],
  ({ simd, inputs: [a, b, bias], outputs: [c], infos, room }, { form }) => {
    const [left, right] = [orient(infos[0]!, form === 'tn'), orient(infos[1]!, form === 'nt')];
    const [m, n, k] = [left.rows, right.columns, right.rows];
    const packed = room(Math.min(k, most) * 8 * Math.ceil(n / 8));
    const parts = simd.partsFor((m * n * k) / worthOfElement);
    const own = room(parts * roomOfPart);
    for (let start = 0; start < k; start += most) {
      const length = Math.min(most, k - start);
      const [left0, right0] = [a! + start * left.column, b! + start * right.row];
      simd.run('packPanels', simd.partsFor(length * n), right0, right.row, right.column, packed, length, n);
      const sizes = [m, n, length, start === 0 ? 0 : 1];
      simd.run('matMul', parts, left0, left.row, left.column, packed, bias ?? 0, c!, ...sizes, own, roomOfPart);
    }
  },
);

defineSimdKernel(
  columnSums,
  ([x]) => [[x!.shape[1]!]],
  ({ simd, inputs: [x], outputs: [sums], infos }) => {
    const [rows, columns] = infos[0]!.shape as [number, number];
    simd.run('sumColumns', simd.partsFor(rows * columns), x!, sums!, rows, columns);
  },
);

/**
 * a · b + bias; no gradient.
 * @param a `[m, k]`, or `[k, m]` in the form `tn`
 * @param b `[k, n]`, or `[n, k]` in the form `nt`
 * @param bias `[n]`
 * @returns `[m, n]`
 */
export const multiplyOnWasm = (form: Form, a: tf.Tensor2D, b: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D =>
  runKernel(product, bias ? [a, b, bias] : [a, b], { form })[0] as tf.Tensor2D;

/** The sums over the rows of x `[rows, columns]`: `[columns]`; no gradient. */
export const sumColumnsOnWasm = (x: tf.Tensor2D): tf.Tensor1D => runKernel(columnSums, [x])[0] as tf.Tensor1D;
