/**
 * Kernels of our own on the WASM backend, written in JavaScript over its heap: one pass where stock operations need
 * several, and the same storage, so nothing is copied.
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type Attributes = Record<string, unknown>;

type HeapView = Float32Array | Int32Array;

/**
 * Registers `run` as kernel `name` of the WASM backend. `outputs` gives the shapes of the float32 outputs; `run` gets
 * views of inputs and outputs, valid during the call only. All outputs are allocated before a view is taken, because a
 * growing heap detaches every view.
 */
export function defineWasmKernel<A extends object>(
  name: string,
  outputs: (inputs: tf.TensorInfo[], attributes: A) => number[][],
  run: (inputs: HeapView[], outputs: Float32Array[], attributes: A, infos: tf.TensorInfo[]) => void,
): void {
  tf.registerKernel({
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const wasm = backend as BackendWasm;
      const infos = Object.values(inputs) as tf.TensorInfo[];
      const made = outputs(infos, attrs as A).map((shape) => wasm.makeOutput(shape, 'float32'));
      const views = infos.map((info) => wasm.typedArrayFromHeap(info) as HeapView);
      run(
        views,
        made.map((info) => wasm.typedArrayFromHeap(info) as Float32Array),
        attrs as A,
        infos,
      );
      return made;
    },
  });
}

/** Whether the active backend has the kernel; without it the operation's reference runs. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** Runs a kernel of ours. Inputs are passed in the order given. */
export function runKernel(name: string, inputs: tf.Tensor[], attributes: Attributes = {}): tf.Tensor[] {
  const named = Object.fromEntries(inputs.map((input, i) => [`x${i}`, input]));
  const result = tf.engine().runKernel(name, named, attributes as tf.NamedAttrMap);
  return Array.isArray(result) ? result : [result];
}
