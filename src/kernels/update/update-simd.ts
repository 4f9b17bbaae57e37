/** AdamW and the sum of squares on WASM (AssemblyScript); formulas in adamw-update.ts and sum-of-squares.ts. */
import { firstOf, sumOf } from '../wasm/lanes-simd.ts';

/** Elements that are looked at together. */
const stretch: i32 = 16;

/** Whether gradient and moments are 0 (of either sign) in the bytes from `at` to `end`. */
function isAtRest(g: usize, m: usize, v: usize, at: i32, end: i32): bool {
  let bits = i32x4.splat(0);
  for (; at < end; at += 16) {
    bits = v128.or(bits, v128.or(v128.load(g + at), v128.or(v128.load(m + at), v128.load(v + at))));
  }
  return !v128.any_true(i32x4.shl(bits, 1));
}

/**
 * The step of `count` elements, in place. Where a word has not occurred so far its row of the embeddings has neither
 * gradient nor moments, and only decays by `keep`; most of a large vocabulary is like that.
 */
export function adamW(
  part: i32,
  parts: i32,
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  count: i32,
  scale: f32,
  keep: f32,
  stepSize: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32, // 1 − β₁
  rest2: f32, // 1 − β₂
  inverse2: f32, // 1 / c₂
  epsilon: f32,
): void {
  const stretches = count / stretch;
  const first = firstOf(stretches, part, parts);
  const end = firstOf(stretches, part + 1, parts);
  for (let number = first; number < end; number++) {
    const from = (number * stretch) << 2;
    const to = from + (stretch << 2);
    if (isAtRest(g, m, v, from, to)) {
      if (keep === 1) continue;
      for (let at = from; at < to; at += 16) v128.store(p + at, f32x4.mul(v128.load(p + at), f32x4.splat(keep)));
      continue;
    }
    for (let at = from; at < to; at += 16) {
      const gradient = f32x4.mul(v128.load(g + at), f32x4.splat(scale));
      const mean = f32x4.add(f32x4.mul(v128.load(m + at), f32x4.splat(beta1)), f32x4.mul(gradient, f32x4.splat(rest1)));
      const square = f32x4.add(
        f32x4.mul(v128.load(v + at), f32x4.splat(beta2)),
        f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(rest2)),
      );
      v128.store(m + at, mean);
      v128.store(v + at, square);
      const root = f32x4.add(f32x4.sqrt(f32x4.mul(square, f32x4.splat(inverse2))), f32x4.splat(epsilon));
      const change = f32x4.div(f32x4.mul(mean, f32x4.splat(stepSize)), root);
      v128.store(p + at, f32x4.sub(f32x4.mul(v128.load(p + at), f32x4.splat(keep)), change));
    }
  }
  if (part + 1 < parts) return;
  for (let at = (stretches * stretch) << 2; at < count << 2; at += 4) {
    const gradient = load<f32>(g + at) * scale;
    const mean = load<f32>(m + at) * beta1 + gradient * rest1;
    const square = load<f32>(v + at) * beta2 + gradient * gradient * rest2;
    store<f32>(m + at, mean);
    store<f32>(v + at, square);
    store<f32>(p + at, load<f32>(p + at) * keep - (mean * stepSize) / (sqrt<f32>(square * inverse2) + epsilon));
  }
}

/** Writes Σ x² of each part's elements to its float64 in `sums`. */
export function sumOfSquares(part: i32, parts: i32, x: usize, count: i32, sums: usize): void {
  const end = firstOf(count, part + 1, parts) << 2;
  let at = firstOf(count, part, parts) << 2;
  let sum: f64 = 0;
  while (at + 1024 <= end) {
    let even = f32x4.splat(0); // two sums, because each addition waits for the one before
    let odd = f32x4.splat(0);
    for (const stop = at + 1024; at < stop; at += 32) {
      const a = v128.load(x + at);
      const b = v128.load(x + at + 16);
      even = f32x4.add(even, f32x4.mul(a, a));
      odd = f32x4.add(odd, f32x4.mul(b, b));
    }
    sum += <f64>sumOf(f32x4.add(even, odd));
  }
  for (; at < end; at += 4) sum += <f64>load<f32>(x + at) * <f64>load<f32>(x + at);
  store<f64>(sums + ((<usize>part) << 3), sum);
}
