/**
 * Dropout: y = x · keep / (1 − rate), where keep is 0 with probability `rate` (Srivastava et al. 2014). The mask is a
 * function of (key, place, element), see dropout-mask.ts; the gradient is the same operation on dy.
 */
import * as tf from '@tensorflow/tfjs';
import { flatGroups, flatMain, type Program } from './device/program.ts';
import { type Unit, unitOf, unitsOf } from './device/units.ts';
import { defineGpuKernel } from './device/webgpu.ts';
import {
  dropBuffers,
  dropUniforms,
  dropWgsl,
  type Mask,
  maskOf,
  scaleOf,
  simdMask,
  thresholdOf,
} from './dropout-mask.ts';
import { randomBits } from './random.ts';
import { hasKernel, runKernel } from './run-kernel.ts';
import { defineSimdKernel } from './wasm/wasm.ts';

const kernel = 'EmbedsmithDropout';

/** Dropout of one step: `rate` 0 … 0.99, and `[1]` int32, the step's key, on the device because it changes with each step. */
export type Dropout = { rate: number; key: tf.Tensor1D };

/** Dropout at one place of a step's sequence; each place draws a mask of its own. */
export type PlacedDropout = Dropout & { place: number };

type Attributes = { rate: number; place: number };

/**
 * The mask of a place, null where nothing is dropped; for the oracles. On WebGPU the key must not have been used yet:
 * tfjs cannot read at once what is on the device.
 */
export const readMask = (drop: PlacedDropout | null): Mask | null =>
  drop?.rate ? maskOf(drop.key.dataSync()[0], drop.rate, drop.place) : null;

/** The oracle: the mask drawn on the CPU, multiplied in; differentiable. `x` itself where nothing is dropped. */
export function dropoutReference<T extends tf.Tensor>(x: T, drop: PlacedDropout | null): T {
  const mask = readMask(drop);
  if (!mask) return x;
  const scale = scaleOf(mask.threshold);
  const factors = Float32Array.from({ length: x.size }, (_, i) =>
    randomBits(mask.key, i) < mask.threshold ? 0 : scale,
  );
  return tf.mul(x, tf.tensor(factors, x.shape)) as T;
}

defineSimdKernel<Attributes>(
  kernel,
  ([x]) => [x!.shape],
  ({ simd, inputs: [x], outputs: [y], infos, firstInt }, { rate, place }) => {
    const size = tf.util.sizeFromShape(infos[0]!.shape);
    simd.run('dropout', simd.partsFor(size), x!, y!, size, ...simdMask(maskOf(firstInt(1), rate, place)));
  },
);

const program = (unit: Unit): Program => ({
  name: `dropout-${unit}`,
  buffers: { x: `read ${unit}`, ...dropBuffers, y: `write ${unit}` },
  uniforms: { size: 'u32', ...dropUniforms },
  code: `alias Unit = ${unit};
${dropWgsl(true, unit)}
${flatMain(64, 'i')}
  if (i >= uniforms.size) { return; }
  start_dropping();
  y[i] = dropped(x[i], i);
}`,
});

defineGpuKernel<Attributes>(kernel, (gpu, [x, key], { rate, place }) => {
  const elements = tf.util.sizeFromShape(x!.shape);
  const size = unitsOf(elements);
  const y = gpu.create(x!.shape);
  const uniforms = { size, place, threshold: thresholdOf(rate) };
  gpu.run(program(unitOf(elements)), { x: x!, key: key!, y }, uniforms, flatGroups(64, size));
  return [y];
});

/**
 * Drops elements of `x` (any shape) with probability `rate`. The same key and place drop the same elements. null, or a
 * rate of 0, gives `x` itself. The key must outlive the gradient.
 */
export function dropout<T extends tf.Tensor>(x: T, drop: PlacedDropout | null): T {
  if (!drop || drop.rate === 0) return x;
  if (!hasKernel(kernel)) return dropoutReference(x, drop);
  const { rate, place, key } = drop;
  const run = (from: tf.Tensor) => runKernel(kernel, [from, key], { rate, place })[0]!;
  const op = tf.customGrad((input) => ({ value: run(input as tf.Tensor), gradFunc: (dy) => run(dy as tf.Tensor) }));
  return op(x) as T;
}
