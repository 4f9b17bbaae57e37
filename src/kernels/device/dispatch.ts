/**
 * The dispatcher: runs WGSL programs of our own on the device, queue and buffers of tfjs's WebGPU backend, with several
 * outputs, outputs in place, and features that tfjs's own program interface cannot ask for. tfjs keeps the tape and the
 * memory. It relies on members of the backend that are public at run time in 4.22.0, the pinned version.
 */
import * as tf from '@tensorflow/tfjs';
import { CompileMemory } from './compile-memory.ts';
import { DeviceTensors, type Internals } from './device-tensors.ts';
import { destroyFreeBuffers } from './free-buffers.ts';
import { type KernelTime, readTimes, type TimedKernel } from './kernel-times.ts';
import { Pipelines } from './pipelines.ts';
import type { Program } from './program.ts';
import { floatsOfHalves } from './storage.ts';
import { UniformPage } from './uniform-page.ts';

const pageBytes = 256 * 1024;
/** Of buffers that tfjs may keep for later. */
const keptBytes = 256 * 1024 ** 2;

/** What a program's buffer may be: a tensor; or a buffer of ours, or part of one. */
export type Bound = tf.TensorInfo | GPUBufferBinding;

export class Dispatcher extends DeviceTensors {
  /** Whether the device computes in software, where barriers cost most and other programs are fastest. */
  readonly software: boolean;
  private readonly pipelines: Pipelines;
  private readonly gradients = new WeakMap<object, { buffer: GPUBuffer; offset: number }>();
  private page: UniformPage;
  /** Pages of a recording stay with it; null outside of one. */
  private recordedPages: UniformPage[] | null = null;
  /** While it is true, programs are compiled and nothing runs. */
  private compiling = false;
  private times: TimedKernel[] | null = null;

  constructor(backend: Internals, software: boolean) {
    super(backend);
    this.software = software;
    this.pipelines = new Pipelines(this.device);
    this.page = new UniformPage(this.device, pageBytes);
    const submitQueue = backend.submitQueue.bind(backend);
    backend.submitQueue = () => {
      this.page.write();
      submitQueue();
      if (this.recordedPages) return;
      this.page.reset();
      destroyFreeBuffers(backend.bufferManager, keptBytes);
    };
    const read = backend.read.bind(backend);
    backend.read = async (dataId) => {
      const halves = this.halvesOf(dataId);
      if (halves) return floatsOfHalves(await this.read(halves));
      const view = this.viewOf(dataId);
      return view ? new Float32Array(await this.read(view)) : read(dataId);
    };
  }

  /** A new tensor of zeros. */
  zeros(shape: number[]): tf.TensorInfo {
    const info = this.create(shape);
    this.clear(this.binding(info));
    return info;
  }

  /** Says where the gradient of a parameter is to be added. */
  placeGradient(parameter: tf.TensorInfo, buffer: GPUBuffer, offset: number): void {
    this.gradients.set(parameter.dataId, { buffer, offset });
  }

  removeGradient(parameter: tf.TensorInfo): void {
    this.gradients.delete(parameter.dataId);
  }

  /** A tensor that the gradient of `parameter` is added to: its place if it has one, else zeros. */
  gradientOf(parameter: tf.TensorInfo): tf.TensorInfo {
    const place = this.gradients.get(parameter.dataId);
    return place ? this.createView(place.buffer, place.offset, parameter.shape) : this.zeros(parameter.shape);
  }

  /**
   * Runs a program.
   * @param tensors one for each of its buffers, by name
   * @param uniforms a value for each of its uniforms, by name
   * @param groups workgroups in each dimension
   */
  run(
    program: Program,
    tensors: Readonly<Record<string, Bound>>,
    uniforms: Readonly<Record<string, number>>,
    groups: readonly [number, number, number],
  ): void {
    if (this.compiling) {
      this.pipelines.prepare(program);
      return;
    }
    const { layout, pipeline } = this.pipelines.get(program);
    const entries = Object.keys(program.buffers).map((name, binding): GPUBindGroupEntry => {
      const tensor = tensors[name];
      if (!tensor) throw new Error(`program ${program.name} was run without its buffer ${name}`);
      if (!('dataId' in tensor)) return { binding, resource: tensor };
      const half = program.buffers[name]!.endsWith('half4');
      if (half !== this.isHalf(tensor)) {
        throw new Error(`program ${program.name} takes ${half ? 'halves' : 'no halves'} as ${name}`);
      }
      return { binding, resource: this.binding(tensor) };
    });
    if (Object.keys(program.uniforms).length > 0) {
      entries.push({ binding: entries.length, resource: this.placeUniforms(program, uniforms) });
    }
    const bindGroup = this.device.createBindGroup({ layout, entries });
    const pass = this.beginPass(program.name);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...groups);
    this.backend.dispatchCountInPass++;
    if (this.times) this.backend.endComputePassEncoder();
  }

  /** Sets a buffer, or part of it, to zeros. */
  clear({ buffer, offset = 0, size }: GPUBufferBinding): void {
    if (this.compiling) return;
    this.backend.ensureCommandEncoderReady();
    this.backend.endComputePassEncoder();
    this.backend.commandEncoder!.clearBuffer(buffer, offset, size);
  }

  /** Copies the first of two parts of buffers, of one size, to the second. */
  copy(from: Required<GPUBufferBinding>, to: Required<GPUBufferBinding>): void {
    if (this.compiling) return;
    this.backend.ensureCommandEncoderReady();
    this.backend.endComputePassEncoder();
    this.backend.commandEncoder!.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, from.size);
  }

  /** The contents of a buffer, or of part of it, once all that was asked for so far is done. */
  async read({ buffer, offset = 0, size = buffer.size - offset }: GPUBufferBinding): Promise<ArrayBuffer> {
    const staging = this.device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      this.copy({ buffer, offset, size }, { buffer: staging, offset: 0, size });
      this.submit();
      await staging.mapAsync(GPUMapMode.READ);
      return staging.getMappedRange().slice(0);
    } finally {
      staging.destroy();
    }
  }

  /** Gives back what tfjs keeps for tensors to come. */
  trim(): void {
    this.submit();
    destroyFreeBuffers(this.backend.bufferManager, 0);
  }

  /** Submits what was asked for so far. */
  submit(): void {
    if (!this.backend.commandEncoder) return;
    this.backend.endComputePassEncoder();
    this.backend.submitQueue();
  }

  /**
   * Compiles every program that `body` runs, ours and tfjs's, side by side and without blocking; nothing is computed.
   * Tensors that it makes must not be kept.
   * @param onProgress how many are compiled, of how many
   */
  async compile(body: () => void, onProgress: (done: number, total: number) => void = () => {}): Promise<void> {
    this.submit();
    const { bufferManager } = this.backend;
    const memory = new CompileMemory(this.device, bufferManager);
    tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
    this.compiling = true;
    this.backend.bufferManager = memory as unknown as typeof bufferManager;
    try {
      tf.tidy(body);
    } finally {
      this.backend.bufferManager = bufferManager;
      this.compiling = false;
      tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
      memory.dispose();
    }
    const { waiting } = this.pipelines;
    let done = 0;
    const all = waiting.map((ready) => ready.then(() => onProgress(++done, waiting.length)));
    await Promise.all([...all, this.backend.checkCompileCompletionAsync()]);
  }

  /** Runs `body` with the uniforms of its programs in buffers of their own, which are returned. */
  recordUniforms(body: () => void): GPUBuffer[] {
    this.submit();
    const outside = this.page;
    const pages: UniformPage[] = [];
    this.recordedPages = pages;
    this.page = this.addPage(pages);
    let done = false;
    try {
      body();
      done = true;
    } finally {
      this.submit(); // also where it failed: what is freed then belongs to the recording
      this.recordedPages = null;
      this.page = outside;
      if (!done) for (const { buffer } of pages) buffer.destroy();
    }
    return pages.map(({ buffer }) => buffer);
  }

  /** Runs `body` and measures each of our programs in it on the device. Needs the feature `timestamp-query`. */
  async measure(body: () => void): Promise<KernelTime[]> {
    this.submit();
    const times: TimedKernel[] = [];
    this.times = times;
    try {
      body();
      this.submit();
    } finally {
      this.times = null;
    }
    return readTimes(this.device, times);
  }

  private beginPass(name: string): GPUComputePassEncoder {
    this.backend.ensureCommandEncoderReady();
    if (this.times) {
      this.backend.endComputePassEncoder();
      const query = this.device.createQuerySet({ type: 'timestamp', count: 2 });
      this.times.push({ name, query });
      this.backend.computePassEncoder = this.backend.commandEncoder!.beginComputePass({
        timestampWrites: { querySet: query, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
      });
    }
    this.backend.computePassEncoder ??= this.backend.commandEncoder!.beginComputePass();
    return this.backend.computePassEncoder;
  }

  private placeUniforms(program: Program, values: Readonly<Record<string, number>>): GPUBufferBinding {
    const placed = this.page.add(program, values);
    if (placed) return placed;
    if (this.recordedPages) this.page = this.addPage(this.recordedPages);
    else this.submit();
    return this.page.add(program, values)!;
  }

  private addPage(pages: UniformPage[]): UniformPage {
    for (const full of pages) full.write();
    const page = new UniformPage(this.device, pageBytes);
    pages.push(page);
    return page;
  }
}
