/**
 * Between tensors of floats and of halves (storage.ts) on WebGPU, either way with its gradient; and sums of halves, which
 * tfjs's tape makes of gradients where a tensor was used more than once.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu'; // its own sum is registered first
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Dispatcher } from './device/dispatch.ts';
import { flatGroups, flatMain, type Program } from './device/program.ts';
import type { Storage } from './device/storage.ts';
import { currentDispatcher, defineGpuKernel, findDispatcher } from './device/webgpu.ts';
import { runKernel } from './run-kernel.ts';

const kernel = 'EmbedsmithStore';

const entry = `${flatMain(64, 'i')}
  if (i >= uniforms.units) { return; }`;

const widening: Program = {
  name: 'widen-halves',
  buffers: { x: 'read half4', y: 'write vec4f' },
  uniforms: { units: 'u32' },
  code: `${entry} y[i] = unpacked(x[i]); }`,
};

const narrowing: Program = {
  name: 'narrow-floats',
  buffers: { x: 'read vec4f', y: 'write half4' },
  uniforms: { units: 'u32' },
  code: `${entry} y[i] = packed(x[i]); }`,
};

const adding: Program = {
  name: 'add-halves',
  buffers: { a: 'read half4', b: 'read half4', sum: 'write half4' },
  uniforms: { units: 'u32' },
  code: `${entry} sum[i] = packed(unpacked(a[i]) + unpacked(b[i])); }`,
};

defineGpuKernel<{ storage: Storage }>(kernel, (gpu, [x], { storage }) => {
  const y = gpu.create(x!.shape, storage);
  const units = tf.util.sizeFromShape(x!.shape) / 4;
  gpu.run(storage === 'float32' ? widening : narrowing, { x: x!, y }, { units }, flatGroups(64, units));
  return [y];
});

function addHalves(gpu: Dispatcher, a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo {
  tf.util.assertShapesMatch(a.shape, b.shape, 'a sum of halves: ');
  const sum = gpu.create(a.shape, 'float16');
  const units = tf.util.sizeFromShape(a.shape) / 4;
  gpu.run(adding, { a, b, sum }, { units }, flatGroups(64, units));
  return sum;
}

const { kernelFunc: addFloats, ...stockAdd } = tf.getKernel(tf.Add, 'webgpu');
tf.unregisterKernel(tf.Add, 'webgpu');
tf.registerKernel({
  ...stockAdd,
  kernelFunc: (call) => {
    const gpu = findDispatcher(call.backend as WebGPUBackend);
    const { a, b } = call.inputs as tf.NamedTensorInfoMap;
    return gpu?.isHalf(a!) && gpu.isHalf(b!) ? addHalves(gpu, a!, b!) : addFloats(call);
  },
});

/** `x` stored as wanted: a copy, or itself where it is. Its gradient is stored as `x` is. */
function restore<T extends tf.Tensor>(x: T, storage: Storage): T {
  const own = currentDispatcher()?.storageOf(x) ?? 'float32';
  if (own === storage) return x;
  const op = tf.customGrad((...args) => ({
    value: runKernel(kernel, [args[0] as tf.Tensor], { storage })[0]!,
    gradFunc: (dy) => runKernel(kernel, [dy as tf.Tensor], { storage: own })[0]!,
  }));
  return op(x) as T;
}

/** The same as floats, for stock operations. */
export const widen = <T extends tf.Tensor>(x: T): T => restore(x, 'float32');

/** The same as halves; on WebGPU only, and rows divide into fours. */
export const narrow = <T extends tf.Tensor>(x: T): T => restore(x, 'float16');
