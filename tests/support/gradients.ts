/** Values and gradients of an operation on the current backend, as plain arrays, to compare backends and oracles. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { Dispatcher } from '../../src/kernels/device/dispatch.ts';
import { expectNear, relativeError } from './backends.ts';

export type Plain = { shape: number[]; values: Float32Array };

export type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Normally distributed numbers around `mean`, the same for the same seed. */
export function normal(shape: number[], seed: number, spread = 1, mean = 0): Plain {
  const count = tf.util.sizeFromShape(shape);
  let state = Math.imul(seed + 1, 0x9e3779b9) | 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  const one = () => Math.sqrt(-2 * Math.log(draw())) * Math.cos(2 * Math.PI * draw());
  return { shape, values: Float32Array.from({ length: count }, () => mean + spread * one()) };
}

/** The op's value, and the gradients of Σ value · weights by each input; weights are random, so that nothing cancels. */
export async function valueAndGradients(op: Op, inputs: Plain[]): Promise<Float32Array[]> {
  const tensors = inputs.map(({ values, shape }) => tf.tensor(values, shape, 'float32'));
  const results = tf.tidy(() => [op(...tensors), ...gradientsOf(op, tensors)]);
  const arrays = await Promise.all(results.map(async (result) => (await result.data()) as Float32Array));
  tf.dispose([results, tensors]);
  return arrays;
}

/** The gradients of {@link valueAndGradients}, which are not read; `prepare` sees the tensors of the inputs before. */
function runGradients(op: Op, inputs: Plain[], prepare: (tensors: tf.Tensor[]) => void): void {
  tf.tidy(() => {
    const tensors = inputs.map(({ values, shape }) => tf.tensor(values, shape, 'float32'));
    prepare(tensors);
    gradientsOf(op, tensors);
  });
}

function gradientsOf(op: Op, tensors: tf.Tensor[]): tf.Tensor[] {
  const weighted = (value: tf.Tensor) => tf.mul(value, tf.tensor(normal(value.shape, 99).values, value.shape));
  return tf.grads((...args: tf.Tensor[]) => tf.sum(weighted(op(...args))))(tensors);
}

/** {@link valueAndGradients} of an oracle on tfjs's own CPU backend, whatever backend is current. */
export async function onCpu(oracle: Op, inputs: Plain[]): Promise<Float32Array[]> {
  const current = tf.getBackend();
  await tf.setBackend('cpu');
  try {
    return await valueAndGradients(oracle, inputs);
  } finally {
    await tf.setBackend(current);
  }
}

/** The op gives the oracle's value and gradients, relative to the largest of each. */
export async function expectOracle(op: Op, oracle: Op, inputs: Plain[], tolerance: number): Promise<void> {
  expectNear(await valueAndGradients(op, inputs), await onCpu(oracle, inputs), tolerance);
}

/**
 * Gradients are added to what lies at their places in a buffer of `size` floats, and to nothing else: those of the inputs
 * in `starts`, which say at which float.
 * @returns the buffer's numbers before and after, and what `watch` made of the run
 */
export async function expectAdded<Seen>(
  gpu: Dispatcher,
  op: Op,
  inputs: Plain[],
  { size, starts }: { size: number; starts: ReadonlyMap<number, number> },
  watch: (run: () => void) => Seen,
) {
  const own = await valueAndGradients(op, inputs);
  const before = Float32Array.from({ length: size }, (_, i) => i / 7);
  const buffer = placeNumbers(gpu.device, before);
  const seen = watch(() =>
    runGradients(op, inputs, (tensors) => {
      for (const [i, start] of starts) gpu.placeGradient(tensors[i]!, buffer, 4 * start);
    }),
  );
  gpu.submit();
  const after = await readBuffer(gpu.device, buffer);
  buffer.destroy();
  const expected = before.slice();
  for (const [i, start] of starts)
    own[i + 1]!.forEach((value, j) => {
      expected[start + j]! += value;
    });
  expect(relativeError(after, expected)).toBeLessThan(1e-6);
  return { before, after, seen };
}

/** A buffer on the device that holds the numbers. */
export function placeNumbers(device: GPUDevice, numbers: Float32Array<ArrayBuffer>): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: numbers.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, numbers);
  return buffer;
}

/** The numbers of a buffer on the device. */
export async function readBuffer(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const staging = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const numbers = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return numbers;
}
