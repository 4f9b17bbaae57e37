/**
 * Linear layers with PyTorch's weight layout, y = x · Wᵀ + b: one, or several of the same input side by side, which are one
 * product each way: [y₁ y₂ …] = x · [W₁; W₂; …]ᵀ + [b₁ b₂ …]. dx = dy · W, dW = dyᵀ · x, db = Σ dy over the rows.
 *
 * Several also give x again, for a residual sum: the gradient that comes for it is what dx is added to, in place.
 */
import * as tf from '@tensorflow/tfjs';
import { withGradients } from '../custom-gradients.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { inputGradientKernel, linearsKernel, weightGradientKernel } from './linear-kernels.ts';
import './linear-wasm.ts';
import './linear-webgpu.ts';

/** The oracle, in stock operations; differentiable. */
export function linearReference(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.add(tf.matMul(x, weight, false, true), bias);
}

/**
 * @param dy `[rows, Σ out]`
 * @param weights each `[out, in]`
 * @param passed what the gradient of x is added to: that of x where it was passed on
 * @param holders the tensors that hold `passed`'s data; where nothing else does, it is written over
 * @returns `[rows, in]`
 */
export function inputGradient(
  dy: tf.Tensor,
  weights: tf.Tensor[],
  passed: tf.Tensor | null = null,
  holders = 1,
): tf.Tensor {
  const inputs = [dy, ...weights, ...(passed ? [passed] : [])];
  return runKernel(inputGradientKernel, inputs, { passing: passed !== null, holders })[0]!;
}

/** The gradients of weights and biases, the weights' first. */
export const weightGradients = (x: tf.Tensor, dy: tf.Tensor, weights: tf.Tensor[], biases: tf.Tensor[]): tf.Tensor[] =>
  runKernel(weightGradientKernel, [x, dy, ...weights, ...biases]);

/** @param passes whether x is an output, too */
function project(x: tf.Tensor2D, weights: tf.Tensor2D[], biases: tf.Tensor1D[], passes: boolean): tf.Tensor2D[] {
  const count = weights.length;
  return withGradients([x, ...weights, ...biases], {
    forward(save) {
      save([x, ...weights, ...biases]);
      const [y] = runKernel(linearsKernel, [x, ...weights, ...biases]);
      return passes ? [y!, tf.clone(x)] : [y!];
    },
    backward([dy, passed], [input, ...parameters]) {
      const [w, b] = [parameters.slice(0, count), parameters.slice(count)];
      const gradients = weightGradients(input!, dy!, w, b);
      return [() => inputGradient(dy!, w, passed), ...gradients.map((gradient) => () => gradient)];
    },
  }) as tf.Tensor2D[];
}

/**
 * Several linear layers of one input, as query, key and value are.
 * @param x `[rows, in]`
 * @param weights each `[out, in]`
 * @param biases each `[out]`
 * @returns the layers' outputs side by side, `[rows, Σ out]`, and x, to be used instead of x from then on
 */
export function linears(
  x: tf.Tensor2D,
  weights: tf.Tensor2D[],
  biases: tf.Tensor1D[],
): [y: tf.Tensor2D, x: tf.Tensor2D] {
  if (!hasKernel(linearsKernel)) {
    const outputs = weights.map((weight, i) => linearReference(x, weight, biases[i]!));
    return [tf.concat(outputs, 1), x];
  }
  const [y, passed] = project(x, weights, biases, true);
  return [y!, passed!];
}

/**
 * A linear layer.
 * @param x `[rows, in]`
 * @param weight `[out, in]`
 * @param bias `[out]`
 * @returns `[rows, out]`
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return hasKernel(linearsKernel) ? project(x, [weight], [bias], false)[0]! : linearReference(x, weight, bias);
}
