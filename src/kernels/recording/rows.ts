/**
 * Small moves between tensors of a recorded step and buffers that outlive it: adding a scalar, writing rows at a place that
 * changes from step to step, reading them back.
 */
import * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { flatGroups, flatMain, type Program } from '../device/program.ts';

const entry = `${flatMain(64, 'i')}
  if (i >= uniforms.size) { return; }`;

const add: Program = {
  name: 'add-scalar',
  buffers: { x: 'read f32', sum: 'write f32' },
  uniforms: { size: 'u32' },
  code: `${entry} sum[i] += x[i]; }`,
};

const write: Program = {
  name: 'write-rows',
  buffers: { x: 'read f32', at: 'read i32', rows_of: 'write f32' },
  uniforms: { size: 'u32', width: 'u32' },
  code: `${entry} rows_of[u32(at[0]) * uniforms.width + i] = x[i]; }`,
};

const read: Program = {
  name: 'read-rows',
  buffers: { source: 'read f32', at: 'read i32', y: 'write f32' },
  uniforms: { size: 'u32', width: 'u32' },
  code: `${entry} y[i] = source[u32(at[0]) * uniforms.width + i]; }`,
};

/** Adds a scalar to the float that `sum` binds. */
export function addScalar(gpu: Dispatcher, x: tf.Scalar, sum: GPUBufferBinding): void {
  gpu.run(add, { x, sum }, { size: 1 }, [1, 1, 1]);
}

/** Writes `x` `[rows, width]` into a matrix of that width, from row `at` `[1]` on. */
export function writeRows(gpu: Dispatcher, x: tf.Tensor2D, at: tf.Tensor1D, matrix: GPUBufferBinding): void {
  const { size, shape } = x;
  gpu.run(write, { x, at, rows_of: matrix }, { size, width: shape[1] }, flatGroups(64, size));
}

/** Rows `at` `[1]` to `at + shape[0]` of a matrix of width `shape[1]`, as a new tensor. */
export function readRows(
  gpu: Dispatcher,
  matrix: GPUBufferBinding,
  at: tf.Tensor1D,
  shape: [number, number],
): tf.Tensor2D {
  const y = gpu.create(shape);
  const size = tf.util.sizeFromShape(shape);
  gpu.run(read, { source: matrix, at, y }, { size, width: shape[1] }, flatGroups(64, size));
  return tf.engine().makeTensorFromTensorInfo(y) as tf.Tensor2D;
}
