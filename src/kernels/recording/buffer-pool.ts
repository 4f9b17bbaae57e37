/**
 * Buffers for the intermediate tensors of recorded steps. Within a recording a freed buffer is used again, as it will be
 * at each replay, whose order is the same; between recordings all are shared, because only one runs at a time.
 */

/** Buffers up to this size may stand in for smaller ones whatever the waste. */
const small = 4096;
/** Larger ones may be this much larger than what was asked for. */
const waste = 1.5;

/** Eight sizes an octave, so that batches of nearly the same length need the same buffers. */
function sizeClass(bytes: number): number {
  if (bytes <= 256) return 256;
  const step = 2 ** (Math.floor(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

export class BufferPool {
  private readonly device: GPUDevice;
  /** How many recordings use each buffer. */
  private readonly users = new Map<GPUBuffer, number>();

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** Bytes of all its buffers. */
  get bytes(): number {
    let sum = 0;
    for (const { size } of this.users.keys()) sum += size;
    return sum;
  }

  /** A buffer of at least `bytes` that is not in `taken`. */
  acquire(bytes: number, usage: number, taken: ReadonlySet<GPUBuffer>): GPUBuffer {
    const limit = Math.max(small, bytes * waste);
    let best: GPUBuffer | null = null;
    for (const buffer of this.users.keys()) {
      if (buffer.usage !== usage || buffer.size < bytes || buffer.size > limit || taken.has(buffer)) continue;
      if (!best || buffer.size < best.size) best = buffer;
    }
    if (best) return best;
    const made = this.device.createBuffer({ size: sizeClass(bytes), usage });
    this.users.set(made, 0);
    return made;
  }

  /** Says that a recording uses these buffers. */
  keep(buffers: Iterable<GPUBuffer>): void {
    for (const buffer of buffers) this.users.set(buffer, this.users.get(buffer)! + 1);
  }

  /** Says that a recording uses them no longer; those that none uses are destroyed. */
  release(buffers: Iterable<GPUBuffer>): void {
    for (const buffer of buffers) {
      const left = this.users.get(buffer)! - 1;
      this.users.set(buffer, left);
      if (left > 0) continue;
      this.users.delete(buffer);
      buffer.destroy();
    }
  }
}
