/** Dropout on WASM (AssemblyScript), by the random numbers of random.ts: four draws, and so eight elements, at a time. */
import { firstOf } from './wasm/lanes-simd.ts';

/** One round of lowbias32. */
function mix(x: v128): v128 {
  let h = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 15)), i32x4.splat(<i32>0x846ca68b));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** The draws of four pairs of elements from number `pair` on. */
function draws(pair: i32, key: i32): v128 {
  const numbers = i32x4.add(i32x4.splat(pair), i32x4(0, 1, 2, 3));
  const keys = i32x4.splat(key);
  return mix(i32x4.add(mix(v128.xor(numbers, keys)), keys));
}

/** y = x · scale, or 0 where the bits are below the threshold. */
function keep(x: usize, y: usize, bits: v128, threshold: v128, scale: v128): void {
  v128.store(y, v128.and(i32x4.ge_s(bits, threshold), f32x4.mul(v128.load(x), scale)));
}

function dropOne(x: usize, y: usize, index: i32, key: i32, threshold: i32, scale: f32): void {
  const draw = <u32>i32x4.extract_lane(draws(<i32>(<u32>index >> 1), key), 0);
  const bits = <i32>(index & 1 ? draw >> 16 : draw & 0xffff);
  store<f32>(y, bits < threshold ? 0 : load<f32>(x) * scale);
}

/** Drops of `count` elements, the first of which has number `index`, those whose bits are below `threshold`. */
export function dropRow(x: usize, y: usize, count: i32, index: i32, key: i32, threshold: i32, scale: f32): void {
  let i: i32 = 0;
  if (index & 1 && count > 0) {
    dropOne(x, y, index, key, threshold, scale);
    i = 1; // an odd first element has its neighbour before it
  }
  const limit = i32x4.splat(threshold);
  const factor = f32x4.splat(scale);
  for (; i + 8 <= count; i += 8) {
    const draw = draws(<i32>(<u32>(index + i) >> 1), key);
    const at = (<usize>i) << 2;
    keep(x + at, y + at, i32x4.extend_low_i16x8_u(draw), limit, factor);
    keep(x + at + 16, y + at + 16, i32x4.extend_high_i16x8_u(draw), limit, factor);
  }
  for (; i < count; i++) dropOne(x + ((<usize>i) << 2), y + ((<usize>i) << 2), index + i, key, threshold, scale);
}

/** y = dropout(x) of `count` elements. */
export function dropout(
  part: i32,
  parts: i32,
  x: usize,
  y: usize,
  count: i32,
  key: i32,
  threshold: i32,
  scale: f32,
): void {
  const pairs = (count + 1) >> 1;
  const first = firstOf(pairs, part, parts) << 1;
  const end = min(firstOf(pairs, part + 1, parts) << 1, count);
  dropRow(x + ((<usize>first) << 2), y + ((<usize>first) << 2), end - first, first, key, threshold, scale);
}
