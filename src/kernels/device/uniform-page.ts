/** Uniforms of many dispatches in one buffer, written in one piece before they are submitted. */
import { type Program, uniformBytes, writeUniforms } from './program.ts';

export class UniformPage {
  readonly buffer: GPUBuffer;
  private readonly values: DataView<ArrayBuffer>;
  private readonly device: GPUDevice;
  private used = 0;
  private written = 0;

  constructor(device: GPUDevice, size: number) {
    this.device = device;
    this.buffer = device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
    this.values = new DataView(new ArrayBuffer(size));
  }

  /** Place for the program's uniforms, filled with the values; null where the page is full. */
  add(program: Program, values: Readonly<Record<string, number>>): GPUBufferBinding | null {
    const size = uniformBytes(program);
    if (this.used + size > this.values.byteLength) return null;
    const offset = this.used;
    writeUniforms(program, values, this.values, offset);
    this.used += Math.ceil(size / 256) * 256; // minUniformBufferOffsetAlignment of every device
    return { buffer: this.buffer, offset, size };
  }

  write(): void {
    if (this.written === this.used) return;
    const bytes = Math.min(this.used, this.values.byteLength) - this.written;
    this.device.queue.writeBuffer(this.buffer, this.written, this.values.buffer, this.written, bytes);
    this.written = this.used;
  }

  /** To be used again from the start; what was written is submitted. */
  reset(): void {
    this.used = 0;
    this.written = 0;
  }
}
