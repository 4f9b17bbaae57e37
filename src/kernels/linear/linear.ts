/**
 * Linear layers with PyTorch's weight layout, y = x · Wᵀ + b, one or several of the same input, and one with GELU behind
 * it. dx = Σ dy · W, dW = dyᵀ · x, db = Σ dy over the rows; with y = gelu(u), du = dy · gelu'(u) comes first. On WebGPU the
 * layers' dx are summed in place, and dW and db are added to where the parameters' gradients lie.
 */
import * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { gelu, geluGradient, geluReference } from './gelu.ts';
import { linearByTransposes } from './linear-wasm.ts';
import { addOuterProduct, multiply, type Shape } from './mat-mul-plan.ts';

const several = 'EmbedsmithLinears';
const withGelu = 'EmbedsmithLinearGelu';
const inputGradient = 'EmbedsmithLinearsInputGradient';
const weightGradient = 'EmbedsmithLinearWeightGradient';

/** The oracle, in stock operations; differentiable. */
export function linearReference(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.add(tf.matMul(x, weight, false, true), bias);
}

/** The oracle of {@link linearGelu}. */
export function linearGeluReference(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return geluReference(linearReference(x, weight, bias));
}

/** y = x · Wᵀ: [rows, out], summed over in. */
function forwardShape(x: tf.TensorInfo, weight: tf.TensorInfo): Shape {
  return { p: x.shape[0]!, q: weight.shape[0]!, r: x.shape[1]! };
}

/** Pairs of neighbours. */
const pairs = <T>(items: T[]): [T, T][] =>
  Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i]!, items[2 * i + 1]!]);

// x, and weight and bias of each layer → y of each.
defineGpuKernel(several, (gpu, [x, ...layers]) =>
  pairs(layers).map(([weight, bias]) => {
    const shape = forwardShape(x!, weight);
    const y = gpu.create([shape.p, shape.q]);
    multiply(gpu, { form: 'nt', ending: 'bias', shape }, { a: x!, b: weight, c: y, bias });
    return y;
  }),
);

// x, weight, bias → gelu(u), u.
defineGpuKernel(withGelu, (gpu, [x, weight, bias]) => {
  const shape = forwardShape(x!, weight!);
  const [u, y] = [gpu.create([shape.p, shape.q]), gpu.create([shape.p, shape.q])];
  multiply(gpu, { form: 'nt', ending: 'gelu', shape }, { a: x!, b: weight!, c: y, bias: bias!, u });
  return [y, u];
});

// dy and weight of each layer → dx of them all.
defineGpuKernel(inputGradient, (gpu, inputs) => {
  const layers = pairs(inputs);
  const [rows, width] = [inputs[0]!.shape[0]!, inputs[1]!.shape[1]!];
  const dx = gpu.create([rows, width]);
  for (const [i, [dy, weight]] of layers.entries()) {
    const shape = { p: rows, q: width, r: dy.shape[1]! };
    multiply(gpu, { form: 'nn', ending: i === 0 ? 'set' : 'add', shape }, { a: dy, b: weight, c: dx });
  }
  return [dx];
});

// x, dy, weight, bias → dW, db, added to what the parameters have.
defineGpuKernel(weightGradient, (gpu: Dispatcher, [x, dy, weight, bias]) => {
  const [c, sums] = [gpu.gradientOf(weight!), gpu.gradientOf(bias!)];
  const shape = { p: dy!.shape[1]!, q: x!.shape[1]!, r: x!.shape[0]! };
  addOuterProduct(gpu, shape, { a: dy!, b: x!, c, sums });
  return [c, sums];
});

tf.registerGradient({
  kernelName: several,
  saveAllInputs: true,
  gradFunc: (dy, saved) => {
    const dys = Array.isArray(dy) ? dy : [dy];
    const [x, ...parameters] = saved as [tf.Tensor, ...tf.Tensor[]];
    const layers = pairs(parameters);
    const gradients: Record<string, () => tf.Tensor> = {
      0: () =>
        runKernel(
          inputGradient,
          layers.flatMap(([weight], i) => [dys[i]!, weight]),
        )[0]!,
    };
    for (const [i, [weight, bias]] of layers.entries()) {
      const [dw, db] = runKernel(weightGradient, [x, dys[i]!, weight, bias]);
      gradients[2 * i + 1] = () => dw!;
      gradients[2 * i + 2] = () => db!;
    }
    return gradients;
  },
});

/**
 * Several linear layers of one input, as query, key and value are.
 * @param x `[rows, in]`
 * @param weights each `[out, in]`
 * @param biases each `[out]`
 * @returns each `[rows, out]`
 */
export function linears(x: tf.Tensor2D, weights: tf.Tensor2D[], biases: tf.Tensor1D[]): tf.Tensor2D[] {
  if (!hasKernel(several)) return weights.map((weight, i) => linearByTransposes(x, weight, biases[i]!));
  const inputs = [x, ...weights.flatMap((weight, i) => [weight, biases[i]!])];
  // An array, and not inputs by name, because the gradient needs them all, however many there are.
  const outputs: unknown = tf.engine().runKernel(several, inputs as unknown as tf.NamedTensorMap);
  return (Array.isArray(outputs) ? outputs : [outputs]) as tf.Tensor2D[];
}

/**
 * A linear layer.
 * @param x `[rows, in]`
 * @param weight `[out, in]`
 * @param bias `[out]`
 * @returns `[rows, out]`
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return linears(x, [weight], [bias])[0]!;
}

/**
 * A linear layer with exact GELU behind it, in one pass.
 * @param x `[rows, in]`
 * @param weight `[out, in]`
 * @param bias `[out]`
 * @returns `[rows, out]`
 */
export function linearGelu(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  if (!hasKernel(withGelu)) return gelu(linear(x, weight, bias));
  const op = tf.customGrad((...args) => {
    const [input, w, b, save] = args as unknown as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const [y, u] = runKernel(withGelu, [input, w, b]);
    save([input, w, b, u!]);
    return {
      value: y!,
      gradFunc: (dy, saved) => {
        const [savedInput, savedWeight, savedBias, before] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const du = geluGradient(before, dy as tf.Tensor);
        const [dx] = runKernel(inputGradient, [du, savedWeight]);
        return [dx!, ...runKernel(weightGradient, [savedInput, du, savedWeight, savedBias])];
      },
    };
  });
  return op(x, weight, bias) as tf.Tensor2D;
}
