/** What takes the place of tfjs's buffer manager while a step is recorded: every buffer stays with the recording. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BufferPool } from './buffer-pool.ts';

export type BufferManager = WebGPUBackend['bufferManager'];

/**
 * Uniform buffers and those created mapped hold values that no command writes again, so they are never used twice.
 * Buffers from before the recording go back to where they came from.
 */
export class RecordingMemory {
  /** Of the pool; all that the recording ever used. */
  readonly pooled = new Set<GPUBuffer>();
  /** The pool's buffers in the order in which they were handed out. */
  readonly order: GPUBuffer[] = [];
  /** Its own: constants and stock operations' uniforms. */
  readonly constants: GPUBuffer[] = [];
  private readonly device: GPUDevice;
  private readonly pool: BufferPool;
  private readonly outside: BufferManager;
  private readonly pattern: readonly GPUBuffer[];
  private readonly taken = new Set<GPUBuffer>();

  /** @param pattern the order of a recording of the same operations on more data, whose buffers fit this one's */
  constructor(device: GPUDevice, pool: BufferPool, outside: BufferManager, pattern: readonly GPUBuffer[]) {
    this.device = device;
    this.pool = pool;
    this.outside = outside;
    this.pattern = pattern;
  }

  /** Buffers handed out and not given back: of tensors that outlive the body, or that it uploaded though they are older. */
  get open(): number {
    return this.taken.size;
  }

  get numBytesUsed(): number {
    return this.outside.numBytesUsed + [...this.taken].reduce((sum, { size }) => sum + size, 0);
  }

  get numBytesAllocated(): number {
    return this.outside.numBytesAllocated + this.pool.bytes;
  }

  acquireBuffer(size: number, usage: number, mappedAtCreation = false): GPUBuffer {
    if (usage & GPUBufferUsage.MAP_READ) throw new Error('a recorded step must not read tensors back');
    if (mappedAtCreation || usage & GPUBufferUsage.UNIFORM) {
      const constant = this.device.createBuffer({ size, usage, mappedAtCreation });
      this.constants.push(constant);
      this.taken.add(constant);
      return constant;
    }
    const wanted = this.pattern[this.order.length];
    const fits = wanted && wanted.size >= size && wanted.usage === usage && !this.taken.has(wanted);
    const buffer = fits ? wanted : this.pool.acquire(size, usage, this.taken);
    this.taken.add(buffer);
    this.pooled.add(buffer);
    this.order.push(buffer);
    return buffer;
  }

  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    if (!this.taken.delete(buffer)) this.outside.releaseBuffer(buffer, reuse);
  }
}
