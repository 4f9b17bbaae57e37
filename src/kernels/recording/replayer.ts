/**
 * Runs a function of arrays once for each shape of them, and replays its GPU commands from then on: the values are written
 * into the same buffers, and nothing else is done on the CPU.
 */
import * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { BufferPool } from './buffer-pool.ts';
import { Recording } from './recording.ts';
import { mapArrays, type OnDevice, type StepArrays } from './step-arrays.ts';

/** `key` and `size`, the arrays' bytes: of two with the same key the larger runs the same operations on more data. */
type Known = { key: string; size: number; recording: Recording; inputs: Map<string, GPUBuffer> };

/** How many shapes are kept at most; the one that was not used for longest goes first. */
const capacity = 12;

export class Replayer {
  private readonly gpu: Dispatcher;
  private readonly pool: BufferPool;
  private readonly known = new Map<string, Known>();

  constructor(gpu: Dispatcher) {
    this.gpu = gpu;
    this.pool = new BufferPool(gpu.device);
  }

  /** Bytes of the recordings: intermediate tensors, which they share, and inputs, constants and uniforms of each. */
  get bytes(): number {
    let sum = this.pool.bytes;
    for (const { recording, inputs } of this.known.values()) {
      sum += recording.bytes;
      for (const { size } of inputs.values()) sum += size;
    }
    return sum;
  }

  /**
   * Runs `body` with the arrays on the device, or replays what it did with arrays of the same lengths.
   * @param key names everything else that `body` depends on
   * @param body must leave its results in buffers of the caller's, and depend on the arrays' values through the tensors alone
   * @returns how many kernels ran
   */
  run<A extends StepArrays>(key: string, arrays: A, body: (tensors: OnDevice<A>) => void): number {
    const names = Object.keys(arrays);
    const shape = `${key} ${names.map((name) => arrays[name]!.length).join(' ')}`;
    const found = this.known.get(shape);
    if (found) {
      this.known.delete(shape);
      this.known.set(shape, found); // the last of the map is the latest used
      this.write(found.inputs, arrays); // only replays read them, and those are submitted
      found.recording.replay();
      return found.recording.dispatches;
    }
    const size = names.reduce((sum, name) => sum + arrays[name]!.byteLength, 0);
    const alike = [...this.known].filter(([, known]) => known.key === key);
    const largest = alike.reduce<Known | null>((most, [, each]) => (each.size > (most?.size ?? 0) ? each : most), null);
    if (largest && largest.size < size) {
      // Smaller ones are recorded again, into this one's buffers; else each shape would have buffers of its own.
      for (const [shape] of alike) this.forget(shape);
    }
    const larger = largest && largest.size >= size ? largest.recording : null;
    while (this.known.size >= capacity) {
      this.forget([...this.known.keys()].find((each) => this.known.get(each)!.recording !== larger)!);
    }
    const made = { key, size, ...this.record(arrays, body, larger) };
    this.known.set(shape, made);
    return made.recording.dispatches;
  }

  dispose(): void {
    for (const shape of [...this.known.keys()]) this.forget(shape);
  }

  private record<A extends StepArrays>(
    arrays: A,
    body: (tensors: OnDevice<A>) => void,
    larger: Recording | null,
  ): Pick<Known, 'recording' | 'inputs'> {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const inputs = new Map(
      Object.entries(arrays).map(([name, { byteLength }]) => [
        name,
        this.gpu.device.createBuffer({ size: Math.max(4, byteLength), usage }),
      ]),
    );
    this.gpu.submit();
    this.write(inputs, arrays);
    const tensors = mapArrays(arrays, (values, name) =>
      this.gpu.adopt(inputs.get(name)!, values.length, values instanceof Int32Array ? 'int32' : 'float32'),
    );
    try {
      return { recording: new Recording(this.gpu, this.pool, () => tf.tidy(() => body(tensors)), larger), inputs };
    } catch (error) {
      for (const buffer of inputs.values()) buffer.destroy();
      throw error;
    } finally {
      tf.dispose(tensors);
    }
  }

  private write(inputs: ReadonlyMap<string, GPUBuffer>, arrays: StepArrays): void {
    for (const [name, values] of Object.entries(arrays)) {
      this.gpu.device.queue.writeBuffer(inputs.get(name)!, 0, values.buffer, values.byteOffset, values.byteLength);
    }
  }

  private forget(shape: string): void {
    const { recording, inputs } = this.known.get(shape)!;
    this.known.delete(shape);
    recording.dispose();
    for (const buffer of inputs.values()) buffer.destroy();
  }
}
