/**
 * Kernels of our own on the WASM backend, written in JavaScript over its heap: one pass where stock operations need
 * several, and the same storage, so nothing is copied.
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

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

/**
 * To be called when a tensor was written in place on WASM, which keeps packed copies of a product's right operand until
 * the tensor is disposed of.
 */
export function forgetPacked(tensor: tf.TensorInfo): void {
  const { wasm, dataIdMap } = tf.backend() as BackendWasm;
  const { id, memoryOffset, shape } = dataIdMap.get(tensor.dataId);
  wasm.tfjs.disposeData(id);
  wasm.tfjs.registerTensor(id, tf.util.sizeFromShape(shape), memoryOffset);
}
