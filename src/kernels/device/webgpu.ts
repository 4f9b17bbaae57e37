/** Kernels of our own on the WebGPU backend, through its dispatcher. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Internals } from './device-tensors.ts';
import { Dispatcher } from './dispatch.ts';

const dispatchers = new WeakMap<object, Dispatcher>();

/** Gives a WebGPU backend its dispatcher; `software` says whether its adapter computes in software. */
export function addDispatcher(backend: WebGPUBackend, software: boolean): void {
  dispatchers.set(backend, new Dispatcher(backend as unknown as Internals, software));
}

/** The dispatcher of a WebGPU backend; undefined for one that is not ours. */
export const findDispatcher = (backend: WebGPUBackend): Dispatcher | undefined => dispatchers.get(backend);

/** The dispatcher of a WebGPU backend that {@link addDispatcher} was called for. */
export function dispatcherOf(backend: WebGPUBackend): Dispatcher {
  const dispatcher = dispatchers.get(backend);
  if (!dispatcher) throw new Error('this WebGPU backend has no dispatcher');
  return dispatcher;
}

/** The dispatcher of the current backend; null where that is not WebGPU. */
export function currentDispatcher(): Dispatcher | null {
  return tf.getBackend() === 'webgpu' ? dispatcherOf(tf.backend() as WebGPUBackend) : null;
}

/** Registers `run`, which runs programs through the dispatcher, as kernel `name` of the WebGPU backend. */
export function defineGpuKernel<A extends object>(
  name: string,
  run: (gpu: Dispatcher, inputs: tf.TensorInfo[], attributes: A) => tf.TensorInfo[],
): void {
  tf.registerKernel({
    kernelName: name,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run(dispatcherOf(backend as WebGPUBackend), Object.values(inputs) as tf.TensorInfo[], attrs as A),
  });
}
