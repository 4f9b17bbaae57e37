/** What the two engines on tfjs share: the device's name, the one WASM backend, and clocks around steps and kernels. */
import * as tf from '@tensorflow/tfjs';
import { startWasm, type WasmBuilds } from '../../../src/kernels/wasm/wasm-backend.ts';
import type { KernelTime, Timing } from './engine.ts';

const softwareNames = /swiftshader|llvmpipe|softpipe|basic render|warp/i;

type Named = { adapter: string; software: boolean };

/** The device in words; null where there is no WebGPU adapter. */
export async function readName(backend: 'webgpu' | 'wasm', builds: WasmBuilds): Promise<Named | null> {
  if (backend === 'webgpu') return readGpuName();
  const threads = await startWasmOnce(builds);
  return { adapter: `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`, software: true };
}

/** The GPU in words; null where there is no adapter. */
export async function readGpuName(): Promise<Named | null> {
  const adapter = await globalThis.navigator?.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const { vendor, architecture, device, description } = adapter.info;
  const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
  return { adapter: name, software: softwareNames.test(name) };
}

/**
 * Runs `step` several times, one after the other.
 * @param step keeps the thread until it has submitted its work, and resolves with the loss when that is done
 */
export async function timeSteps(
  steps: number,
  first: number,
  step: (number: number) => Promise<number>,
): Promise<Timing> {
  let loss = Number.NaN;
  const jsMilliseconds: number[] = [];
  const start = performance.now();
  for (let i = 0; i < steps; i++) {
    const called = performance.now();
    const done = step(first + i);
    jsMilliseconds.push(performance.now() - called);
    loss = await done;
  }
  return { milliseconds: performance.now() - start, jsMilliseconds, loss };
}

let wasmThreads: Promise<number> | null = null;

/** Starts the WASM backend, once for both engines; a second one would take the first one's tensors with it. */
export function startWasmOnce(builds: WasmBuilds): Promise<number> {
  wasmThreads ??= startWasm(builds).then(({ threads }) => threads);
  return wasmThreads;
}

/** Time by kind of kernel, of kernels in any order. */
export function sumByKernel(times: readonly { name: string; milliseconds: number }[]): KernelTime[] {
  const sums = new Map<string, KernelTime>();
  for (const { name, milliseconds } of times) {
    const { calls, milliseconds: before } = sums.get(name) ?? { calls: 0, milliseconds: 0 };
    sums.set(name, { kernel: name, calls: calls + 1, milliseconds: before + milliseconds });
  }
  return [...sums.values()];
}

/** Kernels of a step as tfjs's profiler measures them. */
export async function profileKernels(step: () => Promise<unknown>): Promise<KernelTime[]> {
  const { kernels } = await tf.profile(async () => {
    await step();
  });
  // The profile also holds functions that call kernels.
  const real = kernels.filter(({ name }) => tf.getKernel(name, tf.getBackend()));
  const times = real.map(async ({ name, kernelTimeMs }) => {
    const took = await kernelTimeMs;
    return { name, milliseconds: typeof took === 'number' ? took : 0 };
  });
  return sumByKernel(await Promise.all(times));
}

/** TFLOP/s of the best of five products [size, size] · [size, size]ᵀ on the current backend. */
export async function matmulRate(
  size: number,
  create: (size: number) => (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor,
): Promise<number> {
  const a: tf.Tensor2D = tf.randomUniform([size, size]);
  const b: tf.Tensor2D = tf.randomUniform([size, size]);
  const multiply = create(size);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    const product = tf.tidy(() => multiply(a, b).slice([0, 0], [1, 1]));
    await product.data();
    product.dispose();
    if (round > 0) best = Math.min(best, performance.now() - start);
  }
  tf.dispose([a, b]);
  return (2 * size ** 3) / best / 1e9;
}
