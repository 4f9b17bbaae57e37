/**
 * The gradient of LayerNorm on WASM (AssemblyScript); formulas in layer-norm.ts. What weight and bias get is summed in
 * strips of rows, a strip for each part, `[parts, 2, width]`; a second kernel adds the strips up.
 */
import { dropRow } from '../dropout-simd.ts';
import { firstOf, sumOf } from '../wasm/lanes-simd.ts';
import { rstdOf, sumRow } from './norm-simd.ts';

/** Writes the gradient of a row to dx, which may be x, and adds what weight and bias get to their sums. */
function gradientRow(x: usize, dy: usize, weight: usize, dx: usize, sums: usize, width: i32, epsilon: f32): void {
  const mean = sumRow(x, width) / <f32>width;
  const rstd = rstdOf(x, width, mean, epsilon);
  const whole = (width & ~3) << 2;
  const bias = sums + ((<usize>width) << 2);
  const means = f32x4.splat(mean);
  const rstds = f32x4.splat(rstd);
  let lanes = f32x4.splat(0);
  let products = f32x4.splat(0);
  for (let at = 0; at < whole; at += 16) {
    const d = v128.load(dy + at);
    const normal = f32x4.mul(f32x4.sub(v128.load(x + at), means), rstds);
    const g = f32x4.mul(d, v128.load(weight + at));
    lanes = f32x4.add(lanes, g);
    products = f32x4.add(products, f32x4.mul(g, normal));
    v128.store(sums + at, f32x4.add(v128.load(sums + at), f32x4.mul(d, normal)));
    v128.store(bias + at, f32x4.add(v128.load(bias + at), d));
  }
  let sum = sumOf(lanes);
  let product = sumOf(products);
  for (let at = whole; at < width << 2; at += 4) {
    const d = load<f32>(dy + at);
    const normal = (load<f32>(x + at) - mean) * rstd;
    const g = d * load<f32>(weight + at);
    sum += g;
    product += g * normal;
    store<f32>(sums + at, load<f32>(sums + at) + d * normal);
    store<f32>(bias + at, load<f32>(bias + at) + d);
  }
  const shift = sum / <f32>width;
  const slope = (rstd * product) / <f32>width;
  const shifts = f32x4.splat(shift);
  const slopes = f32x4.splat(slope);
  for (let at = 0; at < whole; at += 16) {
    const along = f32x4.mul(f32x4.sub(v128.load(x + at), means), slopes);
    const g = f32x4.mul(v128.load(dy + at), v128.load(weight + at));
    v128.store(dx + at, f32x4.mul(rstds, f32x4.sub(f32x4.sub(g, shifts), along)));
  }
  for (let at = whole; at < width << 2; at += 4) {
    const along = (load<f32>(x + at) - mean) * slope;
    store<f32>(dx + at, rstd * (load<f32>(dy + at) * load<f32>(weight + at) - shift - along));
  }
}

/** The part's own strip, which begins at zeros. */
function clearStrip(strips: usize, part: i32, width: i32): usize {
  const sums = strips + ((<usize>(part * 2 * width)) << 2);
  memory.fill(sums, 0, (<usize>width) << 3);
  return sums;
}

/** Of y = LN(s), s = residual + dropout(x): ds, and dx = dropout(ds) where something is dropped. */
export function addLayerNormGradient(
  part: i32,
  parts: i32,
  dy: usize,
  s: usize,
  weight: usize,
  ds: usize,
  dx: usize,
  strips: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
  key: i32,
  threshold: i32,
  scale: f32,
): void {
  const sums = clearStrip(strips, part, width);
  const end = firstOf(rows, part + 1, parts);
  for (let row = firstOf(rows, part, parts); row < end; row++) {
    const at = (<usize>(row * width)) << 2;
    gradientRow(s + at, dy + at, weight, ds + at, sums, width, epsilon);
    if (threshold > 0) dropRow(ds + at, dx + at, width, row * width, key, threshold, scale);
  }
}

/** Of y = dropout(LN(x)): dx in the place of x. `rest` is room for a row of each part, `[parts, width]`. */
export function layerNormDropoutGradient(
  part: i32,
  parts: i32,
  dy: usize,
  x: usize,
  weight: usize,
  rest: usize,
  strips: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
  key: i32,
  threshold: i32,
  scale: f32,
): void {
  const sums = clearStrip(strips, part, width);
  const own = rest + ((<usize>(part * width)) << 2);
  const end = firstOf(rows, part + 1, parts);
  for (let row = firstOf(rows, part, parts); row < end; row++) {
    const at = (<usize>(row * width)) << 2;
    if (threshold > 0) dropRow(dy + at, own, width, row * width, key, threshold, scale);
    gradientRow(x + at, threshold > 0 ? own : dy + at, weight, x + at, sums, width, epsilon);
  }
}

/** y = Σ over the strips, each `[count]`. */
export function addStrips(part: i32, parts: i32, strips: usize, stride: i32, number: i32, y: usize, count: i32): void {
  const end = firstOf(count, part + 1, parts);
  for (let i = firstOf(count, part, parts); i < end; i++) {
    let sum: f32 = 0;
    for (let strip = 0; strip < number; strip++) sum += load<f32>(strips + ((<usize>(strip * stride + i)) << 2));
    store<f32>(y + ((<usize>i) << 2), sum);
  }
}
