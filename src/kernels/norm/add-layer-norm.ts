/**
 * The sum of a residual block and its normalisation: y = LN(residual + dropout(x)), rows `[tokens, hidden]` (formulas in
 * layer-norm.ts). An element's dropout follows from its flat index in x.
 *
 * The sum s is kept for backward, instead of x; its mean and rstd are computed again. With ds the gradient of s:
 * dresidual = ds, dx = dropout(ds).
 */
import * as tf from '@tensorflow/tfjs';
import { defineGpuKernel } from '../device/webgpu.ts';
import { dropoutReference, type PlacedDropout } from '../dropout.ts';
import { dropElements, type Mask, maskOf, thresholdOf } from '../dropout-mask.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineWasmKernel } from '../wasm/wasm.ts';
import { layerNormReference } from './layer-norm.ts';
import { meanOf, NormGradient, normaliseRow } from './norm-heap.ts';
import { type NormRows, sumsOf } from './norm-programs.ts';
import { runNormBackward, runNormForward } from './norm-run.ts';

const forward = 'EmbedsmithAddLayerNorm';
const backward = 'EmbedsmithAddLayerNormGradient';

type Attributes = { epsilon: number; rate: number; place: number };

/** The oracle, in stock operations; differentiable. */
export function addLayerNormReference(
  x: tf.Tensor2D,
  residual: tf.Tensor2D,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
  drop: PlacedDropout | null,
): tf.Tensor2D {
  return layerNormReference(tf.add(residual, dropoutReference(x, drop)), weight, bias, epsilon);
}

/** Writes residual + dropout(x), `width` elements from `at` on, and gives their mean. */
function sumRow(
  x: ArrayLike<number>,
  residual: ArrayLike<number>,
  to: Float32Array,
  at: number,
  width: number,
  mask: Mask | null,
): number {
  if (mask) dropElements([x, at], [to, at], width, at, mask);
  const from = mask ? to : x;
  let sum = 0;
  for (let i = at; i < at + width; i++) {
    const value = Math.fround(from[i]! + residual[i]!); // the mean is that of what is kept
    to[i] = value;
    sum += value;
  }
  return sum / width;
}

// Inputs: x, residual, weight, bias, and the step's key where there is dropout; outputs: y and s.
defineWasmKernel<Attributes>(
  forward,
  ([x]) => [x!.shape, x!.shape],
  ([x, residual, weight, bias, key], [y, s], { epsilon, rate, place }) => {
    const width = weight!.length;
    const mask = maskOf(key?.[0], rate, place);
    for (let at = 0; at < y!.length; at += width) {
      const mean = sumRow(x!, residual!, s!, at, width, mask);
      normaliseRow(s!, y!, at, mean, weight!, bias!, epsilon);
    }
  },
);

// Inputs: dy, s, weight, bias, and the key; outputs: gradients of weight, bias, residual, and x where it differs.
defineWasmKernel<Attributes>(
  backward,
  ([, s, weight, bias, key]) => [weight!.shape, bias!.shape, s!.shape, ...(key ? [s!.shape] : [])],
  ([dy, s, weight, , key], [dweight, dbias, ds, dx], { epsilon, rate, place }) => {
    const width = weight!.length;
    const mask = maskOf(key?.[0], rate, place);
    const gradient = new NormGradient(weight!, epsilon);
    for (let at = 0; at < ds!.length; at += width) {
      gradient.row(s!, at, meanOf(s!, at, width), dy!, at, ds!);
      if (dx && mask) dropElements([ds!, at], [dx, at], width, at, mask);
    }
    dweight!.set(gradient.weightSums);
    dbias!.set(gradient.biasSums);
  },
);

defineGpuKernel<Attributes>(forward, (gpu, [x, residual, weight, bias, key], { epsilon, rate, place }) => {
  const [rows, width] = x!.shape as [number, number];
  const norm: NormRows = {
    name: 'add-layer-norm',
    width,
    buffers: (unit) => ({ x: `read ${unit}`, residual: `read ${unit}` }),
    row: 'residual[at] + dropped(x[at], at)',
    drop: key ? 'row' : null,
    kept: true,
    software: gpu.software,
  };
  const [y, s] = [gpu.create(x!.shape), gpu.create(x!.shape)];
  const tensors = { x: x!, residual: residual!, weight: weight!, bias: bias!, key: key!, y, s };
  runNormForward(gpu, norm, rows, tensors, { epsilon, place, threshold: thresholdOf(rate) });
  return [y, s];
});

defineGpuKernel<Attributes>(backward, (gpu, [dy, s, weight, bias, key], { epsilon, rate, place }) => {
  const [rows, width] = s!.shape as [number, number];
  const norm: NormRows = {
    name: 'add-layer-norm',
    width,
    buffers: (unit) => ({ s: `read ${unit}` }),
    row: 's[at]',
    drop: key ? 'row' : null,
    software: gpu.software,
  };
  const ds = gpu.create(s!.shape);
  const dx = key ? [gpu.create(s!.shape)] : [];
  const sums = gpu.create([2 * sumsOf(rows, norm.software), width]);
  const tensors = { s: s!, weight: weight!, key: key!, dy: dy!, ds, dx: dx[0]!, sums };
  const uniforms = { epsilon, place, threshold: thresholdOf(rate) };
  const parameters = runNormBackward(gpu, norm, rows, tensors, uniforms, [weight!, bias!]);
  gpu.backend.disposeData(sums.dataId);
  return [...parameters, ds, ...dx];
});

/**
 * @param x `[tokens, hidden]`, the block's output
 * @param residual `[tokens, hidden]`, the block's input
 * @param weight `[hidden]`
 * @param bias `[hidden]`
 * @param epsilon added to the variance
 * @param drop the dropout of `x`, or null
 * @returns `[tokens, hidden]`
 */
export function addLayerNorm(
  x: tf.Tensor2D,
  residual: tf.Tensor2D,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
  drop: PlacedDropout | null,
): tf.Tensor2D {
  if (!hasKernel(forward)) return addLayerNormReference(x, residual, weight, bias, epsilon, drop);
  const rate = drop?.rate ?? 0;
  const attributes = { epsilon, rate, place: drop?.place ?? 0 };
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const key = drop && rate > 0 ? [drop.key] : [];
    const [y, s] = runKernel(forward, [...(args as tf.Tensor[]), ...key], attributes) as [tf.Tensor, tf.Tensor];
    save([s, ...(args as tf.Tensor[]).slice(2), ...key]);
    return {
      value: y,
      gradFunc: (dy, saved) => {
        const all = [dy as tf.Tensor, ...(saved as tf.Tensor[])];
        const [dweight, dbias, ds, dx] = runKernel(backward, all, attributes) as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor?,
        ];
        return [dx ?? tf.clone(ds), ds, dweight, dbias];
      },
    };
  });
  return op(x, residual, weight, bias) as tf.Tensor2D;
}
