/**
 * Exact GELU: y = x · Φ(x), Φ(x) = (1 + erf(x / √2)) / 2 (Hendrycks & Gimpel 2016; `hidden_act: "gelu"` of BERT).
 * dy/dx = Φ(x) + x · φ(x), φ the normal density.
 */
import * as tf from '@tensorflow/tfjs';
import { defineWasmKernel, hasKernel, runKernel } from './wasm.ts';

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

/** GELU of every element of `x` (any shape). */
export function gelu<T extends tf.Tensor>(x: T): T {
  if (!hasKernel(forward)) return geluReference(x);
  const op = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: runKernel(forward, [input as tf.Tensor])[0]!,
      gradFunc: (dy, saved) => runKernel(backward, [(saved as tf.Tensor[])[0]!, dy as tf.Tensor])[0]!,
    };
  });
  return op(x) as T;
}
