/**
 * Tensors of tfjs's WebGPU backend (4.22.0) on buffers of our choice: whole ones, parts of larger ones, and ones that hold
 * halves (storage.ts); stock operations know about neither parts nor halves.
 */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { halfBytes, type Storage } from './storage.ts';

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
  /** Data of tensors whose numbers are halves. */
  private readonly halves = new WeakSet<object>();

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
      if (inputs.some((input) => this.isHalf(input))) {
        throw new Error(`${program.constructor.name} cannot read halves; widen them first`);
      }
      return runProgram(program, inputs, ...rest);
    };
    const readSync = backend.readSync.bind(backend);
    backend.readSync = (dataId) => {
      if (this.halves.has(dataId)) throw new Error('halves cannot be read at once; widen them first');
      return readSync(dataId);
    };
  }

  /** A new tensor with undefined contents. One of halves is a float32 tensor to tfjs; its rows divide into fours. */
  create(shape: number[], dtype: Storage | 'int32' = 'float32'): tf.TensorInfo {
    const bytes = dtype === 'float16' ? halfBytes(shape) : 0; // may throw: nothing is made before
    const info = this.backend.makeTensorInfo(shape, dtype === 'float16' ? 'float32' : dtype);
    if (dtype === 'float16') {
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      const buffer = this.backend.bufferManager.acquireBuffer(bytes, usage);
      this.backend.tensorMap.get(info.dataId).resource = buffer;
      this.halves.add(info.dataId);
    }
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

  /** Whether a tensor's numbers are halves. */
  isHalf(tensor: tf.TensorInfo): boolean {
    return this.halves.has(tensor.dataId);
  }

  /** How a tensor's numbers lie in memory; results are as a rule created like what they are computed from. */
  storageOf(tensor: tf.TensorInfo): Storage {
    return this.isHalf(tensor) ? 'float16' : 'float32';
  }

  /** The tensor's buffer and the part of it that is the tensor's. */
  binding({ dataId, shape }: tf.TensorInfo): Required<GPUBufferBinding> {
    this.backend.uploadToGPU(dataId);
    const buffer = this.backend.tensorMap.get(dataId).resource as GPUBuffer;
    const view = this.views.get(dataId);
    if (view) return { buffer, ...view };
    if (this.halves.has(dataId)) return { buffer, offset: 0, size: halfBytes(shape) };
    return { buffer, offset: 0, size: Math.max(4, 4 * tf.util.sizeFromShape(shape)) };
  }

  /** The part of a buffer in which tensors lie, each directly behind the one before; null where they do not. */
  joined(tensors: readonly tf.TensorInfo[]): Required<GPUBufferBinding> | null {
    const [first, ...others] = tensors.map((tensor) => this.binding(tensor));
    const whole = { ...first! };
    for (const { buffer, offset, size } of others) {
      if (buffer !== whole.buffer || offset !== whole.offset + whole.size) return null;
      whole.size += size;
    }
    return whole;
  }

  /** Another tensor of the same data. */
  share({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    this.backend.incRef(dataId);
    return { dataId, shape, dtype };
  }

  /**
   * Whether a tensor's data is held by so many tensors and no more, and was computed on the device: what is written over it
   * nobody else reads, and a recording's next replay finds it computed anew.
   */
  isAlone({ dataId }: tf.TensorInfo, holders: number): boolean {
    const { resource, external, refCount } = this.backend.tensorMap.get(dataId);
    return Boolean(resource) && !external && refCount === holders;
  }

  /** The part of a buffer that a tensor's data is; null where it is a whole one. */
  protected viewOf(dataId: object): Required<GPUBufferBinding> | null {
    const view = this.views.get(dataId);
    return view ? { buffer: this.backend.tensorMap.get(dataId).resource as GPUBuffer, ...view } : null;
  }

  /** Where a tensor's data lies if it is halves; null if it is not. */
  protected halvesOf(dataId: object): Required<GPUBufferBinding> | null {
    return this.halves.has(dataId) ? this.binding({ dataId, ...this.backend.tensorMap.get(dataId) }) : null;
  }
}
