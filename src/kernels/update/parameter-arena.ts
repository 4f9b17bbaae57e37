/**
 * All parameters of a model in a few large buffers of the WebGPU device, and in training the gradients and the
 * optimiser's memory laid out alike, so that clipping and the update are one dispatch each whatever the number of
 * parameters. Each parameter begins at a multiple of {@link blockFloats}, 1 KiB, as every device's binding offsets want;
 * the floats between are zeros. But parameters that products read as one matrix lie directly behind one another, and only
 * the first begins so.
 */
import * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { blockFloats } from './update-parameters.ts';

/** Where a parameter lies. */
export type Place = { chunk: number; offset: number; floats: number };

/** Buffers of one chunk in training: gradients and the optimiser's memory lie as the parameters do. */
export type TrainingChunk = { parameters: GPUBuffer; gradients: GPUBuffer; slots: GPUBuffer[]; blocks: number };

const usage = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;

const blocksOf = (floats: number) => Math.ceil(floats / blockFloats);

export class ParameterArena {
  readonly places = new Map<string, Place>();
  private readonly gpu: Dispatcher;
  private readonly chunks: { buffer: GPUBuffer; blocks: number }[] = [];
  private readonly tensors = new Map<string, tf.Tensor>();

  /**
   * @param shapes of the parameters by name; contents are zeros
   * @param joined names of parameters that are to lie directly behind one another, each in one list at most. They share
   *   blocks, so they must learn alike.
   */
  constructor(gpu: Dispatcher, shapes: ReadonlyMap<string, number[]>, joined: readonly (readonly string[])[]) {
    this.gpu = gpu;
    const { maxBufferSize, maxStorageBufferBindingSize } = gpu.device.limits;
    const limit = Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize) / (4 * blockFloats));
    const sizes: number[] = [];
    const follows = new Set(joined.flatMap((names) => names.slice(1)));
    for (const name of shapes.keys()) {
      if (follows.has(name)) continue;
      const names = joined.find(([first]) => first === name) ?? [name];
      const floats = names.map((each) => tf.util.sizeFromShape(shapes.get(each)!));
      const blocks = blocksOf(floats.reduce((sum, each) => sum + each));
      if (sizes.length === 0 || sizes.at(-1)! + blocks > limit) sizes.push(0);
      const chunk = sizes.length - 1;
      let offset = sizes[chunk]! * blockFloats;
      for (const [i, each] of names.entries()) {
        this.places.set(each, { chunk, offset, floats: floats[i]! });
        offset += floats[i]!;
      }
      sizes[chunk]! += blocks;
    }
    for (const blocks of sizes) this.chunks.push({ buffer: this.createBuffer(blocks), blocks });
    for (const [name, shape] of shapes) {
      const { chunk, offset } = this.places.get(name)!;
      const info = gpu.createView(this.chunks[chunk]!.buffer, 4 * offset, shape);
      this.tensors.set(name, tf.engine().makeTensorFromTensorInfo(info));
    }
  }

  /** Of the parameters alone. */
  get bytes(): number {
    return this.chunks.reduce((sum, { buffer }) => sum + buffer.size, 0);
  }

  /** The parameter's tensor; the arena disposes it. */
  tensor(name: string): tf.Tensor {
    return this.tensors.get(name)!;
  }

  write(name: string, values: Float32Array): void {
    const { chunk, offset } = this.places.get(name)!;
    this.gpu.submit();
    this.gpu.device.queue.writeBuffer(
      this.chunks[chunk]!.buffer,
      4 * offset,
      values.buffer,
      values.byteOffset,
      values.byteLength,
    );
  }

  /** All values, read in one piece a chunk. */
  async read(): Promise<Map<string, Float32Array>> {
    const chunks = await Promise.all(this.chunks.map(({ buffer }) => this.gpu.read({ buffer })));
    return new Map(
      [...this.places].map(([name, { chunk, offset, floats }]) => [
        name,
        new Float32Array(chunks[chunk]!, 4 * offset, floats).slice(),
      ]),
    );
  }

  /** Makes room for gradients and for `slots` numbers of the optimiser's a parameter, zeros all; gradients are added there. */
  startTraining(slots: number): TrainingChunk[] {
    const training = this.chunks.map(({ buffer, blocks }) => ({
      parameters: buffer,
      gradients: this.createBuffer(blocks),
      slots: Array.from({ length: slots }, () => this.createBuffer(blocks)),
      blocks,
    }));
    for (const [name, { chunk, offset }] of this.places) {
      this.gpu.placeGradient(this.tensors.get(name)!, training[chunk]!.gradients, 4 * offset);
    }
    return training;
  }

  /** Gives up what {@link startTraining} made. */
  endTraining(training: TrainingChunk[]): void {
    for (const tensor of this.tensors.values()) this.gpu.removeGradient(tensor);
    for (const { gradients, slots } of training) for (const buffer of [gradients, ...slots]) buffer.destroy();
  }

  dispose(): void {
    this.gpu.submit();
    tf.dispose([...this.tensors.values()]);
    for (const { buffer } of this.chunks) buffer.destroy();
  }

  private createBuffer(blocks: number): GPUBuffer {
    return this.gpu.device.createBuffer({ size: 4 * blockFloats * blocks, usage: usage() });
  }
}

const arenas = new WeakMap<object, ParameterArena>();

/** Remembers the arena in which a model's parameters lie. */
export function setArena(parameters: object, arena: ParameterArena): void {
  arenas.set(parameters, arena);
}

/** The arena in which the parameters lie; undefined on backends without one. */
export const arenaOf = (parameters: object): ParameterArena | undefined => arenas.get(parameters);
