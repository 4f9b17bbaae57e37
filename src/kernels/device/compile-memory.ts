/** What takes the place of tfjs's buffer manager while programs are only compiled: nothing is computed, so nothing needs room. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

export class CompileMemory {
  readonly numBytesUsed = 0;
  readonly numBytesAllocated = 0;
  private readonly device: GPUDevice;
  private readonly outside: WebGPUBackend['bufferManager'];
  private readonly placeholder: GPUBuffer;
  /** Of tensors with values, which tfjs writes at once. */
  private readonly written = new Set<GPUBuffer>();

  constructor(device: GPUDevice, outside: WebGPUBackend['bufferManager']) {
    this.device = device;
    this.outside = outside;
    this.placeholder = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE });
  }

  acquireBuffer(size: number, usage: number, mappedAtCreation = false): GPUBuffer {
    if (!mappedAtCreation) return this.placeholder;
    const buffer = this.device.createBuffer({ size, usage, mappedAtCreation });
    this.written.add(buffer);
    return buffer;
  }

  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    if (this.written.delete(buffer)) buffer.destroy();
    else if (buffer !== this.placeholder) this.outside.releaseBuffer(buffer, reuse);
  }

  dispose(): void {
    for (const buffer of [this.placeholder, ...this.written]) buffer.destroy();
  }
}
