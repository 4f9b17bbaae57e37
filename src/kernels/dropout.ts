/**
 * Dropout: y = x · keep / (1 − rate), where keep is 0 with probability `rate` (Srivastava et al. 2014). The mask is a
 * function of (key, element), never stored; the gradient is the same operation on dy.
 */
import * as tf from '@tensorflow/tfjs';
import { drawBits, randomBits, randomBitsWgsl } from './random.ts';
import { defineWasmKernel, hasKernel, runKernel } from './wasm.ts';
import { defineWebGPUKernel } from './webgpu.ts';

const kernel = 'EmbedsmithDropout';
const range = 2 ** 16;

type Attributes = { key: number; threshold: number };

/** Random numbers below this are dropped. */
const thresholdOf = (rate: number): number => Math.round(rate * range);

/** The oracle: the mask drawn on the CPU, multiplied in. */
export function dropoutReference<T extends tf.Tensor>(x: T, rate: number, key: number): T {
  const mask = new Float32Array(x.size);
  const threshold = thresholdOf(rate);
  const scale = 1 / (1 - threshold / range);
  for (let i = 0; i < mask.length; i++) mask[i] = randomBits(key, i) < threshold ? 0 : scale;
  return tf.mul(x, tf.tensor(mask, x.shape)) as T;
}

defineWasmKernel<Attributes>(
  kernel,
  ([x]) => [x!.shape],
  ([x], [y], { key, threshold }) => {
    const scale = 1 / (1 - threshold / range);
    const even = x!.length & ~1;
    for (let i = 0; i < even; i += 2) {
      const draw = drawBits(key, i); // the bits of both neighbours at once
      y![i] = (draw & 0xffff) < threshold ? 0 : x![i]! * scale;
      y![i + 1] = draw >>> 16 < threshold ? 0 : x![i + 1]! * scale;
    }
    if (even < x!.length) y![even] = randomBits(key, even) < threshold ? 0 : x![even]! * scale;
  },
);

defineWebGPUKernel<Attributes>(kernel, {
  variables: ['x'],
  integers: ['key', 'threshold'],
  outputShape: ([x]) => x!.shape,
  functions: randomBitsWgsl,
  body: `
    let kept = i32(random_bits(u32(uniforms.key), u32(index))) >= uniforms.threshold;
    let scale = 1.0 / (1.0 - f32(uniforms.threshold) / ${range}.0);
    setOutputAtIndex(index, select(0.0, x[index] * scale, kept));`,
});

/**
 * Drops elements of `x` (any shape) with probability `rate` (0 … <1). The same `key` drops the same elements. A rate of
 * 0 gives `x` itself.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, key: number): T {
  if (rate === 0) return x;
  if (!hasKernel(kernel)) return dropoutReference(x, rate, key);
  const attributes = { key, threshold: thresholdOf(rate) };
  const op = tf.customGrad((input) => ({
    value: runKernel(kernel, [input as tf.Tensor], attributes)[0]!,
    gradFunc: (dy) => runKernel(kernel, [dy as tf.Tensor], attributes)[0]!,
  }));
  return op(x) as T;
}
