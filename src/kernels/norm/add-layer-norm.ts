/**
 * The sum of a residual block and its normalisation: y = LN(residual + dropout(x)), rows `[tokens, hidden]` (formulas in
 * layer-norm.ts). An element's dropout follows from its flat index in x.
 *
 * The sum s is kept for backward, instead of x; its mean and rstd are computed again. With ds the gradient of s:
 * dresidual = ds, dx = dropout(ds).
 */
import * as tf from '@tensorflow/tfjs';
import { cellOf, loaded } from '../device/storage.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { dropoutReference, type PlacedDropout } from '../dropout.ts';
import { maskOf, simdMask, thresholdOf } from '../dropout-mask.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineSimdKernel } from '../wasm/wasm.ts';
import { layerNormReference } from './layer-norm.ts';
import { addStrips } from './norm-heap.ts';
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

// Inputs: x, residual, weight, bias, and the step's key where there is dropout; outputs: y and s.
defineSimdKernel<Attributes>(
  forward,
  ([x]) => [x!.shape, x!.shape],
  ({ simd, inputs, outputs, infos, firstInt }, { epsilon, rate, place }) => {
    const [rows, width] = infos[0]!.shape as [number, number];
    const mask = simdMask(maskOf(firstInt(4), rate, place));
    const tensors = [...inputs.slice(0, 4), ...outputs];
    simd.run('addLayerNorm', simd.partsFor(rows * width), ...tensors, rows, width, epsilon, ...mask);
  },
);

// Inputs: dy, s, weight, bias, and the key; outputs: gradients of weight, bias, residual, and x where it differs.
defineSimdKernel<Attributes>(
  backward,
  ([, s, weight, bias, key]) => [weight!.shape, bias!.shape, s!.shape, ...(key ? [s!.shape] : [])],
  ({ simd, inputs, outputs, infos, firstInt, room }, { epsilon, rate, place }) => {
    const [dy, s, weight] = inputs as [number, number, number];
    const [dweight, dbias, ds, dx] = outputs as [number, number, number, number?];
    const [rows, width] = infos[1]!.shape as [number, number];
    const mask = simdMask(maskOf(firstInt(4), rate, place));
    const parts = simd.partsFor(rows * width);
    const strips = room(parts * 2 * width);
    const tensors = [dy, s, weight, ds, dx ?? ds, strips];
    simd.run('addLayerNormGradient', parts, ...tensors, rows, width, epsilon, ...mask);
    addStrips(simd, strips, parts, width, dweight, dbias);
  },
);

defineGpuKernel<Attributes>(forward, (gpu, [x, residual, weight, bias, key], { epsilon, rate, place }) => {
  const [rows, width] = x!.shape as [number, number];
  const storage = gpu.storageOf(x!);
  const norm: NormRows = {
    name: 'add-layer-norm',
    width,
    buffers: (unit) => ({ x: `read ${cellOf(unit, storage)}`, residual: `read ${cellOf(unit, storage)}` }),
    row: `${loaded('residual[at]', storage)} + dropped(${loaded('x[at]', storage)}, at)`,
    drop: key ? 'row' : null,
    kept: true,
    storage,
    software: gpu.software,
  };
  const [y, s] = [gpu.create(x!.shape, storage), gpu.create(x!.shape, storage)];
  const tensors = { x: x!, residual: residual!, weight: weight!, bias: bias!, key: key!, y, s };
  runNormForward(gpu, norm, rows, tensors, { epsilon, place, threshold: thresholdOf(rate) });
  return [y, s];
});

defineGpuKernel<Attributes>(backward, (gpu, [dy, s, weight, bias, key], { epsilon, rate, place }) => {
  const [rows, width] = s!.shape as [number, number];
  const storage = gpu.storageOf(s!);
  const norm: NormRows = {
    name: 'add-layer-norm',
    width,
    buffers: (unit) => ({ s: `read ${cellOf(unit, storage)}` }),
    row: loaded('s[at]', storage),
    drop: key ? 'row' : null,
    storage,
    software: gpu.software,
  };
  const ds = gpu.create(s!.shape, storage);
  const dx = key ? [gpu.create(s!.shape, storage)] : [];
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
