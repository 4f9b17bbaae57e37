/**
 * Kernels of our own on the WASM backend, over its heap: one pass where stock operations need several, and the same
 * storage, so nothing is copied. Those that a step spends its time in are compiled (simd.ts), the others JavaScript.
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type Simd, simdKernelsOf } from './simd-module.ts';
import type { Exported } from './wasm-backend.ts';

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

/** What a kernel of {@link defineSimdKernel} works with. Addresses are in bytes. */
export type SimdCall = {
  simd: Simd;
  inputs: number[];
  outputs: number[];
  infos: tf.TensorInfo[];
  /** Room for `count` float32 during the call; its address. */
  room: (count: number) => number;
  /** The first number of an int32 input, undefined where there is no such input: the key of a step's dropout. */
  firstInt: (input: number) => number | undefined;
  /** Views of what lies at an address. */
  floats: (address: number, count: number) => Float32Array;
  doubles: (address: number, count: number) => Float64Array;
};

/** Registers `run`, which calls SIMD kernels, as kernel `name` of the WASM backend; `outputs` as in {@link defineWasmKernel}. */
export function defineSimdKernel<A extends object>(
  name: string,
  outputs: (inputs: tf.TensorInfo[], attributes: A) => number[][],
  run: (call: SimdCall, attributes: A) => void,
): void {
  tf.registerKernel({
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const wasm = backend as BackendWasm;
      const module = wasm.wasm as BackendWasm['wasm'] & Exported;
      const infos = Object.values(inputs) as tf.TensorInfo[];
      const made = outputs(infos, attrs as A).map((shape) => wasm.makeOutput(shape, 'float32'));
      const rooms: number[] = [];
      const call: SimdCall = {
        simd: simdKernelsOf(wasm),
        inputs: infos.map(({ dataId }) => wasm.getMemoryOffset(dataId)),
        outputs: made.map(({ dataId }) => wasm.getMemoryOffset(dataId)),
        infos,
        room: (count) => {
          const address = module._malloc!(4 * count) >>> 0;
          if (address === 0) throw new Error(`there is no memory for ${count} numbers`);
          rooms.push(address);
          return address;
        },
        firstInt: (input) => infos[input] && module.HEAP32[call.inputs[input]! >>> 2],
        floats: (address, count) => new Float32Array(module.HEAP32.buffer, address, count),
        doubles: (address, count) => new Float64Array(module.HEAP32.buffer, address, count),
      };
      try {
        run(call, attrs as A);
      } finally {
        for (const address of rooms) module._free!(address);
      }
      return made;
    },
  });
}

/** Registers `run`, which is made of other operations, as kernel `name` of the WASM backend. */
export function defineWasmOperation<A extends object>(
  name: string,
  run: (inputs: tf.Tensor[], attributes: A) => tf.Tensor[],
): void {
  tf.registerKernel({
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => tf.tidy(() => run(Object.values(inputs) as tf.Tensor[], attrs as A)),
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
