/**
 * Tensors of tfjs's WebGPU backend (4.22.0) on buffers of our choice: whole ones, and parts of larger ones, which stock
 * operations do not know about.
 */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** What of tfjs's backend is used although its types call it private. */
export type Internals = Omit<WebGPUBackend, 'commandEncoder'> & {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  tensorToBinding: (tensor: tf.TensorInfo) => GPUBufferBinding;
};

/** Part of a buffer that a tensor stands for, where it is not the whole. */
type View = { offset: number; size: number };

export class DeviceTensors {
  readonly backend: Internals;
  readonly device: GPUDevice;
  private readonly views = new WeakMap<object, View>();

  constructor(backend: Internals) {
    this.backend = backend;
    this.device = backend.device;
    // Recordings' buffers may be larger than their tensors, and stock products read beyond the end, times 0: NaN must not be there.
    backend.tensorToBinding = (tensor) => this.binding(tensor);
    const runProgram = backend.runWebGPUProgram.bind(backend);
    backend.runWebGPUProgram = (program, inputs, ...rest) => {
      if (inputs.some((input) => this.views.has(input.dataId))) {
        throw new Error(`${program.constructor.name} cannot read a part of a buffer; use a kernel of our own`);
      }
      return runProgram(program, inputs, ...rest);
    };
  }

  /** A new tensor with undefined contents. */
  create(shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.TensorInfo {
    const info = this.backend.makeTensorInfo(shape, dtype);
    this.backend.uploadToGPU(info.dataId);
    return info;
  }

  /** A tensor that stands for part of a buffer of ours. Stock operations do not know about the part: they must not see it. */
  createView(buffer: GPUBuffer, offset: number, shape: number[]): tf.TensorInfo {
    const info = this.backend.makeTensorInfo(shape, 'float32');
    const data = this.backend.tensorMap.get(info.dataId);
    data.resource = buffer;
    data.external = true;
    this.views.set(info.dataId, { offset, size: 4 * tf.util.sizeFromShape(shape) });
    return info;
  }

  /** A vector of a buffer of ours, which stays ours when the vector is disposed. */
  adopt(buffer: GPUBuffer, length: number, dtype: 'float32' | 'int32'): tf.Tensor1D {
    const info = this.backend.makeTensorInfo([length], dtype);
    const data = this.backend.tensorMap.get(info.dataId);
    data.resource = buffer;
    data.external = true;
    return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor1D;
  }

  /** Whether a tensor is part of a larger buffer. */
  isView(tensor: tf.TensorInfo): boolean {
    return this.views.has(tensor.dataId);
  }

  /** The tensor's buffer and the part of it that is the tensor's. */
  binding({ dataId, shape }: tf.TensorInfo): Required<GPUBufferBinding> {
    this.backend.uploadToGPU(dataId);
    const buffer = this.backend.tensorMap.get(dataId).resource as GPUBuffer;
    const view = this.views.get(dataId);
    if (view) return { buffer, ...view };
    return { buffer, offset: 0, size: Math.max(4, 4 * tf.util.sizeFromShape(shape)) };
  }

  /** The part of a buffer that a tensor's data is; null where it is a whole one. */
  protected viewOf(dataId: object): Required<GPUBufferBinding> | null {
    const view = this.views.get(dataId);
    return view ? { buffer: this.backend.tensorMap.get(dataId).resource as GPUBuffer, ...view } : null;
  }
}
