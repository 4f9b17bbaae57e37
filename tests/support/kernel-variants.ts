/** Where a fused operation is tested: WASM, and both variants of its WebGPU programs. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Dispatcher } from '../../src/kernels/device/dispatch.ts';
import { dispatcherOf } from '../../src/kernels/device/webgpu.ts';
import { expectNoFault, selectBackend } from './backends.ts';

export const variants = [
  { variant: 'wasm', backend: 'wasm', software: true },
  { variant: 'webgpu barrier-free', backend: 'webgpu', software: true },
  { variant: 'webgpu workgroup', backend: 'webgpu', software: false },
] as const;

export type Variant = (typeof variants)[number];

/** The dispatcher of the current WebGPU backend. */
export const currentGpu = (): Dispatcher => dispatcherOf(tf.backend() as WebGPUBackend);

/** Makes the variant's backend the current one; its programs are the variant's. */
export async function selectVariant({ backend, software }: Variant): Promise<void> {
  await selectBackend(backend);
  if (backend === 'webgpu') Object.assign(currentGpu(), { software });
}

/** Each test around it runs on the variant, and leaves no tensor, nothing on the device and no fault. */
export function testOn(variant: Variant): void {
  let tensors: number;
  let data: number;
  beforeEach(async () => {
    await selectVariant(variant);
    tensors = tf.memory().numTensors;
    data = tf.engine().backend.numDataIds();
  });
  afterEach(async () => {
    expect(tf.memory().numTensors, 'no tensor is left').toBe(tensors);
    expect(tf.engine().backend.numDataIds(), 'nothing is left on the device').toBe(data);
    await expectNoFault(variant.backend);
  });
}

/** The WGSL of the programs that are compiled from now on, by their names. */
export function watchPrograms(gpu: Dispatcher): Map<string, string> {
  const seen = new Map<string, string>();
  const create = gpu.device.createShaderModule.bind(gpu.device);
  gpu.device.createShaderModule = (descriptor) => {
    if (descriptor.label) seen.set(descriptor.label, descriptor.code);
    return create(descriptor);
  };
  return seen;
}

/** The programs that `body` runs through the dispatcher, by name and in order. */
export function programsRun(gpu: Dispatcher, body: () => void): string[] {
  const names: string[] = [];
  const run = gpu.run;
  gpu.run = (program, ...rest) => {
    names.push(program.name);
    run.call(gpu, program, ...rest);
  };
  try {
    body();
  } finally {
    gpu.run = run;
  }
  return names;
}
