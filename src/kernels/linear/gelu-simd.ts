/** GELU and its slope on WASM (AssemblyScript); formulas in gelu.ts. */
import { exp, firstOf } from '../wasm/lanes-simd.ts';

/** exp(−x²/2). */
function density(x: v128): v128 {
  return exp(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}

/** Φ(x) from the density `e`: Abramowitz & Stegun 7.1.26, absolute error below 2e-7. */
function cumulative(x: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.abs(x), f32x4.splat(0.231641888))));
  let series = f32x4.splat(1.061405429);
  series = f32x4.sub(f32x4.mul(series, t), f32x4.splat(1.453152027));
  series = f32x4.add(f32x4.mul(series, t), f32x4.splat(1.421413741));
  series = f32x4.sub(f32x4.mul(series, t), f32x4.splat(0.284496736));
  series = f32x4.add(f32x4.mul(series, t), f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(series, t), e), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

function geluOf(x: v128): v128 {
  return f32x4.mul(x, cumulative(x, density(x)));
}

function slopeOf(x: v128): v128 {
  const e = density(x);
  return f32x4.add(cumulative(x, e), f32x4.mul(f32x4.mul(x, e), f32x4.splat(0.3989422804)));
}

/** y = gelu(x) of `count` elements. */
export function gelu(part: i32, parts: i32, x: usize, y: usize, count: i32): void {
  const vectors = count >> 2;
  const end = firstOf(vectors, part + 1, parts) << 4;
  for (let at = firstOf(vectors, part, parts) << 4; at < end; at += 16) v128.store(y + at, geluOf(v128.load(x + at)));
  if (part + 1 < parts) return;
  for (let at = vectors << 4; at < count << 2; at += 4) {
    v128.store_lane<f32>(y + at, geluOf(v128.load_zero<f32>(x + at)), 0);
  }
}

/** dy ← dy · gelu'(x), and then x ← gelu(x), of `count` elements. */
export function geluSlope(part: i32, parts: i32, x: usize, dy: usize, count: i32): void {
  const vectors = count >> 2;
  const end = firstOf(vectors, part + 1, parts) << 4;
  for (let at = firstOf(vectors, part, parts) << 4; at < end; at += 16) {
    const value = v128.load(x + at);
    v128.store(dy + at, f32x4.mul(v128.load(dy + at), slopeOf(value)));
    v128.store(x + at, geluOf(value));
  }
  if (part + 1 < parts) return;
  for (let at = vectors << 4; at < count << 2; at += 4) {
    const value = v128.load_zero<f32>(x + at);
    v128.store_lane<f32>(dy + at, f32x4.mul(v128.load_zero<f32>(dy + at), slopeOf(value)), 0);
    v128.store_lane<f32>(x + at, geluOf(value), 0);
  }
}
