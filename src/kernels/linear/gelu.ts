/**
 * Exact GELU: y = x · Φ(x), Φ(x) = (1 + erf(x / √2)) / 2 (Hendrycks & Gimpel 2016; `hidden_act: "gelu"` of BERT).
 * dy/dx = Φ(x) + x · φ(x), φ the normal density. It is the ending of a product on WebGPU (mat-mul-form.ts), with
 * what is here, and on WASM a pass of its own (gelu-simd.ts).
 */
import * as tf from '@tensorflow/tfjs';
import type { Unit } from '../device/units.ts';
import { runKernel } from '../run-kernel.ts';
import { defineSimdKernel } from '../wasm/wasm.ts';

const forward = 'EmbedsmithGelu';
const slope = 'EmbedsmithGeluSlope';

/** The oracle, in stock operations; differentiable. */
export function geluReference<T extends tf.Tensor>(x: T): T {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)) as T;
}

defineSimdKernel(
  forward,
  ([x]) => [x!.shape],
  ({ simd, inputs: [x], outputs: [y], infos }) => {
    const size = tf.util.sizeFromShape(infos[0]!.shape);
    simd.run('gelu', simd.partsFor(size), x!, y!, size);
  },
);

// Both in place: dy · dy/dx, and y.
defineSimdKernel(
  slope,
  () => [],
  ({ simd, inputs: [x, dy], infos }) => {
    const size = tf.util.sizeFromShape(infos[0]!.shape);
    simd.run('geluSlope', simd.partsFor(size), x!, dy!, size);
  },
);

const inverseRoot2Pi = 1 / Math.sqrt(2 * Math.PI);

/** gelu(x) on WASM, without a gradient. */
export const geluOnWasm = (x: tf.Tensor): tf.Tensor => runKernel(forward, [x])[0]!;

/** Multiplies `dy` by gelu'(x) and then writes gelu(x) over `x`, on WASM. */
export function multiplyByGeluSlope(x: tf.Tensor, dy: tf.Tensor): void {
  runKernel(slope, [x, dy]);
}

/** `gelu(x)` and `gelu_slope(x)` in WGSL for T = f32 or vec4f, by the same formula. From |x| = 15 on, the density is 0. */
export const geluWgsl = (type: Unit): string => `
fn gelu_density(x : ${type}) -> ${type} { let m = min(abs(x), ${type}(15.0)); return exp(-0.5 * m * m); }
fn gelu_cumulative(x : ${type}, e : ${type}) -> ${type} {
  let t = 1.0 / (1.0 + ${0.3275911 * Math.SQRT1_2} * abs(x));
  let series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  let tail = 0.5 * series * e;
  return select(1.0 - tail, tail, x < ${type}());
}
fn gelu(x : ${type}) -> ${type} { return x * gelu_cumulative(x, gelu_density(x)); }
fn gelu_slope(x : ${type}) -> ${type} {
  let e = gelu_density(x);
  return gelu_cumulative(x, e) + ${inverseRoot2Pi} * x * e;
}`;
