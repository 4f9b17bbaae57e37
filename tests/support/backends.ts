/** Starts either backend for the engine's tests; WebGPU is SwiftShader's where there is no GPU, never skipped. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { type StartedBackend, startBackend } from '../../src/kernels/backend.ts';
import { wasmBuilds } from '../../src/worker/wasm-builds.ts';

export const backends = ['wasm', 'webgpu'] as const;

const started = new Map<string, StartedBackend>();

/** Makes `name` the current backend, and fails the test if it is not really that. */
export async function selectBackend(name: (typeof backends)[number]): Promise<StartedBackend> {
  let backend = started.get(name);
  if (!backend) {
    backend = (await startBackend(name, wasmBuilds)) ?? undefined;
    if (!backend) throw new Error(`${name} could not be started`);
    started.set(name, backend);
  }
  await tf.setBackend(name);
  expect(tf.getBackend()).toBe(name);
  return backend;
}

/** Fails if the device reported a validation error: invalid shaders give silent zeros. */
export async function expectNoFault(name: (typeof backends)[number]): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  expect(started.get(name)?.fault() ?? null).toBeNull();
}

/** Each of the arrays is as expected, relative to the largest number in it, and none is expected to be all zeros. */
export function expectNear(found: Float32Array[], expected: Float32Array[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, array] of expected.entries()) {
    expect(
      array.some((value) => value !== 0),
      `output ${i} is not all zeros`,
    ).toBe(true);
    expect(relativeError(found[i]!, array), `output ${i}`).toBeLessThan(tolerance);
  }
}

/** Largest |a − b|, relative to the largest |b|. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Number.isNaN(a[i]!) ? Number.POSITIVE_INFINITY : Math.abs(a[i]! - b[i]!));
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return difference / Math.max(largest, 1e-12);
}
