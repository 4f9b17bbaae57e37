/**
 * Exact GELU: y = x · Φ(x), Φ(x) = (1 + erf(x / √2)) / 2 (Hendrycks & Gimpel 2016; `hidden_act: "gelu"` of BERT).
 * dy/dx = Φ(x) + x · φ(x), φ the normal density. On WebGPU it is the ending of a linear layer (linear.ts), which has the
 * gradient from here; on its own it is what the reference is.
 */
import * as tf from '@tensorflow/tfjs';
import { flatGroups, flatMain, type Program } from '../device/program.ts';
import { type Unit, unitOf, unitsOf } from '../device/units.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineWasmKernel } from '../wasm/wasm.ts';

const forward = 'EmbedsmithGelu';
const backward = 'EmbedsmithGeluGradient';

/** The oracle, in stock operations; differentiable. */
export function geluReference<T extends tf.Tensor>(x: T): T {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)) as T;
}

/** exp(−x²/2) for every x: 2^(n/64) from a table times a cubic in the rest; relative error below 1e-9. */
const perOctave = 64;
const octaves = 150; // exp(−x²/2) is below the smallest float32 from there on
const powers = Float64Array.from({ length: perOctave * octaves + 1 }, (_, n) => 2 ** (-n / perOctave));
const toTable = (0.5 * perOctave) / Math.LN2;
const fromTable = Math.LN2 / perOctave;

function density(x: number): number {
  const n = Math.min(x * x * toTable, perOctave * octaves) | 0;
  const r = Math.max(n * fromTable - 0.5 * x * x, -fromTable); // −0.0109 … 0
  return powers[n]! * (1 + r * (1 + r * (0.5 + r * (1 / 6))));
}

/** 1 − Φ(|x|) from the density `e` = exp(−x²/2): Abramowitz & Stegun 7.1.26, absolute error below 1e-7. */
function tail(magnitude: number, e: number): number {
  const t = 1 / (1 + 0.3275911 * Math.SQRT1_2 * magnitude);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return 0.5 * series * e;
}

defineWasmKernel(
  forward,
  ([x]) => [x!.shape],
  ([x], [y]) => {
    for (let i = 0; i < x!.length; i++) {
      const v = x![i]!;
      const q = tail(Math.abs(v), density(v));
      y![i] = v * (v < 0 ? q : 1 - q);
    }
  },
);

const inverseRoot2Pi = 1 / Math.sqrt(2 * Math.PI);

defineWasmKernel(
  backward,
  ([x]) => [x!.shape],
  ([x, dy], [dx]) => {
    for (let i = 0; i < x!.length; i++) {
      const v = x![i]!;
      const e = density(v);
      const q = tail(Math.abs(v), e);
      dx![i] = dy![i]! * ((v < 0 ? q : 1 - q) + v * e * inverseRoot2Pi);
    }
  },
);

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

const gradientProgram = (unit: Unit): Program => ({
  name: `gelu-gradient-${unit}`,
  buffers: { x: `read ${unit}`, dy: `read ${unit}`, dx: `write ${unit}` },
  uniforms: { size: 'u32' },
  code: `${geluWgsl(unit)}
${flatMain(64, 'i')}
  if (i < uniforms.size) { dx[i] = dy[i] * gelu_slope(x[i]); }
}`,
});

defineGpuKernel(backward, (gpu, [x, dy]) => {
  const elements = tf.util.sizeFromShape(x!.shape);
  const size = unitsOf(elements);
  const dx = gpu.create(x!.shape);
  gpu.run(gradientProgram(unitOf(elements)), { x: x!, dy: dy!, dx }, { size }, flatGroups(64, size));
  return [dx];
});

/** dy · gelu'(x) on a backend that has our kernel. */
export const geluGradient = (x: tf.Tensor, dy: tf.Tensor): tf.Tensor => runKernel(backward, [x, dy])[0]!;

/** GELU of every element of `x` (any shape). */
export function gelu<T extends tf.Tensor>(x: T): T {
  if (!hasKernel(forward)) return geluReference(x);
  const op = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: runKernel(forward, [input as tf.Tensor])[0]!,
      gradFunc: (dy, saved) => geluGradient((saved as tf.Tensor[])[0]!, dy as tf.Tensor),
    };
  });
  return op(x) as T;
}
