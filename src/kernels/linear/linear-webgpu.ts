/**
 * Linear layers on WebGPU: one product for all layers of an input. Their weights are one matrix where they lie one behind
 * the other, as in the arena; what does not is copied together. The gradients of weights and biases are added to where the
 * parameters' gradients lie. What is computed lies in memory as its input does, in floats or halves (storage.ts).
 */
import * as tf from '@tensorflow/tfjs';
import type { Bound, Dispatcher } from '../device/dispatch.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import {
  geluGradientKernel,
  halves,
  type InputGradient,
  inputGradientKernel,
  linearGeluKernel,
  linearsKernel,
  weightGradientKernel,
} from './linear-kernels.ts';
import { addOuterProduct, multiply } from './mat-mul-plan.ts';
import type { Shape } from './tile-choices.ts';

/**
 * Runs `body` with the part of a buffer in which the tensors lie one behind the other: where they do, or in a copy.
 * @param written whether `body` changes them
 */
function withJoined(gpu: Dispatcher, tensors: tf.TensorInfo[], written: boolean, body: (joined: Bound) => void): void {
  const whole = gpu.joined(tensors);
  if (whole) {
    body(whole);
    return;
  }
  const copy = gpu.create([tensors.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape), 0)]);
  const { buffer } = gpu.binding(copy);
  let offset = 0;
  const parts = tensors.map((tensor) => {
    const own = gpu.binding(tensor);
    const part = { buffer, offset, size: own.size };
    offset += own.size;
    return { own, part };
  });
  for (const { own, part } of parts) gpu.copy(own, part);
  body(copy);
  if (written) for (const { own, part } of parts) gpu.copy(part, own);
  gpu.backend.disposeData(copy.dataId);
}

/** Outputs of all layers together. */
const outputsOf = (weights: tf.TensorInfo[]): number => weights.reduce((sum, { shape }) => sum + shape[0]!, 0);

/** y = x · Wᵀ: [rows, out], summed over in. */
const forwardShape = (x: tf.TensorInfo, weights: tf.TensorInfo[]): Shape => ({
  p: x.shape[0]!,
  q: outputsOf(weights),
  r: x.shape[1]!,
});

defineGpuKernel(linearsKernel, (gpu, [x, ...parameters]) => {
  const [weights, biases] = halves(parameters);
  const shape = forwardShape(x!, weights);
  const y = gpu.create([shape.p, shape.q], gpu.storageOf(x!));
  withJoined(gpu, weights, false, (b) => {
    withJoined(gpu, biases, false, (bias) => {
      multiply(gpu, { form: 'nt', ending: 'bias', shape }, { a: x!, b, c: y, bias });
    });
  });
  return [y];
});

/** A tensor that can be added to: `tensor` where nobody else reads it, or else a copy. */
function ownOf(gpu: Dispatcher, tensor: tf.TensorInfo, holders: number): tf.TensorInfo {
  if (gpu.isAlone(tensor, holders)) return gpu.share(tensor);
  const copy = gpu.create(tensor.shape, gpu.storageOf(tensor));
  gpu.copy(gpu.binding(tensor), gpu.binding(copy));
  return copy;
}

defineGpuKernel<InputGradient>(inputGradientKernel, (gpu, [dy, ...others], { passing, holders }) => {
  const passed = passing ? others.pop()! : null;
  const shape = { p: dy!.shape[0]!, q: others[0]!.shape[1]!, r: dy!.shape[1]! };
  const dx = passed ? ownOf(gpu, passed, holders) : gpu.create([shape.p, shape.q], gpu.storageOf(dy!));
  withJoined(gpu, others, false, (b) => {
    multiply(gpu, { form: 'nn', ending: passing ? 'add' : 'set', shape }, { a: dy!, b, c: dx });
  });
  return [dx];
});

defineGpuKernel(weightGradientKernel, (gpu, [x, dy, ...parameters]) => {
  const gradients = parameters.map((parameter) => gpu.gradientOf(parameter));
  const [weights, biases] = halves(gradients);
  const shape = { p: dy!.shape[1]!, q: x!.shape[1]!, r: x!.shape[0]! };
  withJoined(gpu, weights, true, (c) => {
    withJoined(gpu, biases, true, (sums) => addOuterProduct(gpu, shape, { a: dy!, b: x!, c, sums }));
  });
  return gradients;
});

defineGpuKernel(linearGeluKernel, (gpu, [x, weight, bias]) => {
  const shape = forwardShape(x!, [weight!]);
  const create = () => gpu.create([shape.p, shape.q], gpu.storageOf(x!));
  const [u, y] = [create(), create()];
  multiply(gpu, { form: 'nt', ending: 'gelu', shape }, { a: x!, b: weight!, c: y, bias: bias!, u });
  return [y, u];
});

defineGpuKernel(geluGradientKernel, (gpu, [dy, weight, u]) => {
  const shape = { p: dy!.shape[0]!, q: weight!.shape[1]!, r: dy!.shape[1]! };
  const du = gpu.create([shape.p, shape.q], gpu.storageOf(dy!));
  multiply(gpu, { form: 'nn', ending: 'slope', shape }, { a: dy!, b: weight!, c: du, u: u! });
  return [du, gpu.share(u!)];
});
