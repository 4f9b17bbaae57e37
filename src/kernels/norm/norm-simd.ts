/** LayerNorm on WASM (AssemblyScript), a row at a time, forward and backward; formulas in layer-norm.ts. */
import { dropRow } from '../dropout-simd.ts';
import { firstOf, sumOf } from '../wasm/lanes-simd.ts';

/** Σ x over a row of `width`. */
export function sumRow(x: usize, width: i32): f32 {
  const whole = (width & ~3) << 2;
  let lanes = f32x4.splat(0);
  for (let at = 0; at < whole; at += 16) lanes = f32x4.add(lanes, v128.load(x + at));
  let sum = sumOf(lanes);
  for (let at = whole; at < width << 2; at += 4) sum += load<f32>(x + at);
  return sum;
}

/** 1 / √(variance + epsilon) of a row whose mean is known. */
export function rstdOf(x: usize, width: i32, mean: f32, epsilon: f32): f32 {
  const whole = (width & ~3) << 2;
  const means = f32x4.splat(mean);
  let lanes = f32x4.splat(0);
  for (let at = 0; at < whole; at += 16) {
    const deviation = f32x4.sub(v128.load(x + at), means);
    lanes = f32x4.add(lanes, f32x4.mul(deviation, deviation));
  }
  let squares = sumOf(lanes);
  for (let at = whole; at < width << 2; at += 4) {
    const deviation = load<f32>(x + at) - mean;
    squares += deviation * deviation;
  }
  return 1 / sqrt<f32>(squares / <f32>width + epsilon);
}

/** y = LN(x) of a row. */
function normaliseRow(x: usize, y: usize, weight: usize, bias: usize, width: i32, epsilon: f32): void {
  const mean = sumRow(x, width) / <f32>width;
  const rstd = rstdOf(x, width, mean, epsilon);
  const whole = (width & ~3) << 2;
  const means = f32x4.splat(mean);
  const rstds = f32x4.splat(rstd);
  for (let at = 0; at < whole; at += 16) {
    const normal = f32x4.mul(f32x4.sub(v128.load(x + at), means), rstds);
    v128.store(y + at, f32x4.add(f32x4.mul(normal, v128.load(weight + at)), v128.load(bias + at)));
  }
  for (let at = whole; at < width << 2; at += 4) {
    store<f32>(y + at, (load<f32>(x + at) - mean) * rstd * load<f32>(weight + at) + load<f32>(bias + at));
  }
}

/** s = residual + x of a row. */
function addRow(x: usize, residual: usize, s: usize, width: i32): void {
  const whole = (width & ~3) << 2;
  for (let at = 0; at < whole; at += 16) v128.store(s + at, f32x4.add(v128.load(x + at), v128.load(residual + at)));
  for (let at = whole; at < width << 2; at += 4) store<f32>(s + at, load<f32>(x + at) + load<f32>(residual + at));
}

/** s = residual + dropout(x), y = LN(s); nothing is dropped where the threshold is 0. */
export function addLayerNorm(
  part: i32,
  parts: i32,
  x: usize,
  residual: usize,
  weight: usize,
  bias: usize,
  y: usize,
  s: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
  key: i32,
  threshold: i32,
  scale: f32,
): void {
  const end = firstOf(rows, part + 1, parts);
  for (let row = firstOf(rows, part, parts); row < end; row++) {
    const at = (<usize>(row * width)) << 2;
    if (threshold > 0) dropRow(x + at, s + at, width, row * width, key, threshold, scale);
    addRow((threshold > 0 ? s : x) + at, residual + at, s + at, width);
    normaliseRow(s + at, y + at, weight, bias, width, epsilon);
  }
}

/** y = dropout(LN(x)). */
export function layerNormDropout(
  part: i32,
  parts: i32,
  x: usize,
  weight: usize,
  bias: usize,
  y: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
  key: i32,
  threshold: i32,
  scale: f32,
): void {
  const end = firstOf(rows, part + 1, parts);
  for (let row = firstOf(rows, part, parts); row < end; row++) {
    const at = (<usize>(row * width)) << 2;
    normaliseRow(x + at, y + at, weight, bias, width, epsilon);
    if (threshold > 0) dropRow(y + at, y + at, width, row * width, key, threshold, scale);
  }
}
