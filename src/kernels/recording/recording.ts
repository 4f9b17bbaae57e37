/**
 * A recorded step: every GPU command that a function gives rise to, tfjs's operations and our own alike, to be submitted
 * again without running the function. What CUDA graphs are to PyTorch.
 *
 * Whatever the CPU computed while recording is frozen; all that changes between replays must stand in buffers that are
 * written before. Results are left in buffers of the caller's.
 */

import type { Dispatcher } from '../device/dispatch.ts';
import type { BufferPool } from './buffer-pool.ts';
import { type BufferManager, RecordingMemory } from './recording-memory.ts';

type Command =
  | {
      kind: 'dispatch';
      pipeline: GPUComputePipeline;
      bindGroup: GPUBindGroup;
      groups: [number, number | undefined, number | undefined];
    }
  | { kind: 'copy'; copy: Parameters<GPUCommandEncoder['copyBufferToBuffer']> }
  | { kind: 'clear'; clear: Parameters<GPUCommandEncoder['clearBuffer']> };

/** Commands that no operation of a training step uses; a replay would miss them. */
const unsupported = ['copyBufferToTexture', 'copyTextureToBuffer', 'copyTextureToTexture', 'beginRenderPass'] as const;

function recordPass(pass: GPUComputePassEncoder, commands: Command[]): GPUComputePassEncoder {
  const { setPipeline, setBindGroup, dispatchWorkgroups } = pass;
  let pipeline: GPUComputePipeline;
  let bindGroup: GPUBindGroup;
  return Object.assign(pass, {
    setPipeline(next: GPUComputePipeline) {
      pipeline = next;
      setPipeline.call(pass, next);
    },
    setBindGroup(index: number, next: GPUBindGroup) {
      bindGroup = next;
      Reflect.apply(setBindGroup, pass, [index, next]);
    },
    dispatchWorkgroups(x: number, y?: number, z?: number) {
      commands.push({ kind: 'dispatch', pipeline, bindGroup, groups: [x, y, z] });
      dispatchWorkgroups.call(pass, x, y, z);
    },
  });
}

function recordEncoder(encoder: GPUCommandEncoder, commands: Command[]): GPUCommandEncoder {
  const { beginComputePass, copyBufferToBuffer, clearBuffer } = encoder;
  const refused = unsupported.map((name) => [
    name,
    () => {
      throw new Error(`a recorded step must not use ${name}`);
    },
  ]);
  return Object.assign(encoder, Object.fromEntries(refused), {
    beginComputePass: (descriptor?: GPUComputePassDescriptor) =>
      recordPass(beginComputePass.call(encoder, descriptor), commands),
    copyBufferToBuffer(...copy: Parameters<GPUCommandEncoder['copyBufferToBuffer']>) {
      commands.push({ kind: 'copy', copy });
      copyBufferToBuffer.apply(encoder, copy);
    },
    clearBuffer(...clear: Parameters<GPUCommandEncoder['clearBuffer']>) {
      commands.push({ kind: 'clear', clear });
      clearBuffer.apply(encoder, clear);
    },
  });
}

export class Recording {
  /** Kernels that a replay runs. */
  readonly dispatches: number;
  private readonly gpu: Dispatcher;
  private readonly pool: BufferPool;
  private readonly commands: readonly Command[];
  private readonly memory: RecordingMemory;
  private readonly uniforms: readonly GPUBuffer[] = [];

  /**
   * Runs `body`, for its effects on buffers of the caller's, and records it. It must leave no new tensor behind.
   * @param larger a recording of the same on more data; where there is one, its buffers serve for this one, too
   */
  constructor(gpu: Dispatcher, pool: BufferPool, body: () => void, larger: Recording | null) {
    const { backend, device } = gpu;
    gpu.submit();
    const { bufferManager } = backend;
    const createCommandEncoder = device.createCommandEncoder;
    const commands: Command[] = [];
    const memory = new RecordingMemory(device, pool, bufferManager, larger?.memory.order ?? []);
    this.gpu = gpu;
    this.pool = pool;
    this.commands = commands;
    this.memory = memory;
    backend.bufferManager = memory as unknown as BufferManager;
    device.createCommandEncoder = (descriptor) =>
      recordEncoder(createCommandEncoder.call(device, descriptor), commands);
    let done = false;
    try {
      this.uniforms = gpu.recordUniforms(body);
      if (memory.open > 0) throw new Error(`a recorded step left ${memory.open} buffers in use`);
      done = true;
    } finally {
      device.createCommandEncoder = createCommandEncoder;
      backend.bufferManager = bufferManager;
      pool.keep(memory.pooled);
      if (!done) this.dispose();
    }
    this.dispatches = commands.filter(({ kind }) => kind === 'dispatch').length;
  }

  /** Bytes that are its own: constants and uniforms. */
  get bytes(): number {
    return [...this.memory.constants, ...this.uniforms].reduce((sum, { size }) => sum + size, 0);
  }

  /** Submits the commands again, with and behind what is not submitted yet: each submission costs as much as 100 dispatches. */
  replay(): void {
    const { backend } = this.gpu;
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    const encoder = backend.commandEncoder!;
    let pass: GPUComputePassEncoder | null = null;
    for (const command of this.commands) {
      if (command.kind === 'dispatch') {
        pass ??= encoder.beginComputePass();
        pass.setPipeline(command.pipeline);
        pass.setBindGroup(0, command.bindGroup);
        pass.dispatchWorkgroups(...command.groups);
        continue;
      }
      pass?.end();
      pass = null;
      if (command.kind === 'copy') encoder.copyBufferToBuffer(...command.copy);
      else encoder.clearBuffer(...command.clear);
    }
    pass?.end();
    this.gpu.submit();
  }

  dispose(): void {
    this.pool.release(this.memory.pooled);
    for (const buffer of [...this.memory.constants, ...this.uniforms]) buffer.destroy();
  }
}
