/**
 * Attention on WASM (AssemblyScript), a sentence and a head at a time and `block` queries of it: forward and backward.
 * With p = softmax(scale · q · kᵀ) and d = dropout(p): out = d · v; dv = dᵀ · dout; dp = dropout(dout · vᵀ),
 * ds = scale · p · (dp − Σ dp · p), dq = ds · k, dk = dsᵀ · q. p is computed again for the gradient from the highest score
 * of a query and 1 / Σ exp, its statistics `[tokens, heads, 2]`. qkv is `[tokens, 3 · heads · size]`.
 */
import { dropRow } from '../dropout-simd.ts';
import { exp, firstOf, sumOf } from '../wasm/lanes-simd.ts';
import { addProduct, clearRows } from '../wasm/product-simd.ts';

/** Queries that are computed together. */
const block: i32 = 32;

/** Numbers of a sentence's keys are padded to whole vectors, twice. */
function padded(length: i32): i32 {
  return (length + 7) & ~7;
}

/** to [size, padded length] = xᵀ, x [length, size]; zeros in the padding. */
function transpose(x: usize, stride: usize, to: usize, length: i32, size: i32): void {
  const columns = padded(length);
  for (let j = 0; j < size; j++) {
    const row = to + ((<usize>(j * columns)) << 2);
    for (let i = 0; i < length; i++) store<f32>(row + ((<usize>i) << 2), load<f32>(x + i * stride + ((<usize>j) << 2)));
    for (let i = length; i < columns; i++) store<f32>(row + ((<usize>i) << 2), 0);
  }
}

/** scores [rows, padded length] = q · kᵀ. */
function innerProducts(q: usize, stride: usize, kT: usize, scores: usize, rows: i32, length: i32, size: i32): void {
  const bytes = (<usize>padded(length)) << 2;
  memory.fill(scores, 0, rows * bytes);
  addProduct(q, stride, 4, kT, bytes, scores, bytes, rows, padded(length), size);
}

/** Scores of a query to exp(scale · (s − highest)); the sum of them. */
function expRow(s: usize, length: i32, highest: f32, scale: f32): f32 {
  for (let j = length; j < padded(length); j++) store<f32>(s + ((<usize>j) << 2), -1e30); // as good as 0 after exp
  let lanes = f32x4.splat(0);
  for (let at = 0; at < length << 2; at += 16) {
    const e = exp(f32x4.mul(f32x4.sub(v128.load(s + at), f32x4.splat(highest)), f32x4.splat(scale)));
    v128.store(s + at, e);
    lanes = f32x4.add(lanes, e);
  }
  return sumOf(lanes);
}

function highestOf(s: usize, length: i32): f32 {
  let highest = load<f32>(s);
  for (let j = 1; j < length; j++) highest = max(highest, load<f32>(s + ((<usize>j) << 2)));
  return highest;
}

function scaleRow(s: usize, length: i32, factor: f32): void {
  for (let at = 0; at < length << 2; at += 16) {
    v128.store(s + at, f32x4.mul(v128.load(s + at), f32x4.splat(factor)));
  }
}

/** ds = scale · p · (dp − Σ dp · p), in the place of dp. */
function scoreGradient(p: usize, dp: usize, length: i32, scale: f32): void {
  let inner: f32 = 0;
  for (let at = 0; at < length << 2; at += 4) inner += load<f32>(p + at) * load<f32>(dp + at);
  for (let at = 0; at < length << 2; at += 16) {
    const difference = f32x4.sub(v128.load(dp + at), f32x4.splat(inner));
    v128.store(dp + at, f32x4.mul(f32x4.mul(v128.load(p + at), f32x4.splat(scale)), difference));
  }
}

/** The number of a query's first probability for its random number (dropoutIndex in attention.ts). */
function indexOf(token: i32, head: i32, heads: i32): i32 {
  return (token * heads + head) * 1024;
}

/** First token of a sentence; its end is the first one of the next sentence. */
function startOf(starts: usize, sentence: i32): i32 {
  return load<i32>(starts + ((<usize>sentence) << 2));
}

/** Where a query's highest score lies, and 1 / Σ exp behind it. */
function statisticsOf(statistics: usize, token: i32, head: i32, heads: i32): usize {
  return statistics + ((<usize>(token * heads + head)) << 3);
}

/** Zeros for tokens of no sentence. */
function clearTail(x: usize, starts: usize, stride: usize, rows: i32, tokens: i32): void {
  const end = startOf(starts, rows);
  memory.fill(x + end * stride, 0, (tokens - end) * stride);
}

/** `room` has (size + block) · padded longest floats for each part. */
export function attention(
  part: i32,
  parts: i32,
  qkv: usize,
  starts: usize,
  out: usize,
  statistics: usize,
  room: usize,
  roomOfPart: i32,
  tokens: i32,
  rows: i32,
  heads: i32,
  size: i32,
  scale: f32,
  key: i32,
  threshold: i32,
  keepScale: f32,
): void {
  const hidden = (<usize>(heads * size)) << 2;
  const stride = 3 * hidden;
  const kT = room + ((<usize>(part * roomOfPart)) << 2);
  const end = firstOf(rows * heads, part + 1, parts);
  for (let unit = firstOf(rows * heads, part, parts); unit < end; unit++) {
    const head = unit % heads;
    const start = startOf(starts, unit / heads);
    const length = startOf(starts, unit / heads + 1) - start;
    const bytes = (<usize>padded(length)) << 2;
    const q = qkv + start * stride + ((<usize>(head * size)) << 2);
    transpose(q + hidden, stride, kT, length, size);
    const scores = kT + size * bytes;
    for (let first = 0; first < length; first += block) {
      const queries = min(block, length - first);
      innerProducts(q + first * stride, stride, kT, scores, queries, length, size);
      for (let i = 0; i < queries; i++) {
        const token = start + first + i;
        const s = scores + i * bytes;
        const highest = highestOf(s, length);
        const inverse: f32 = 1 / expRow(s, length, highest, scale);
        scaleRow(s, length, inverse);
        const kept = statisticsOf(statistics, token, head, heads);
        store<f32>(kept, highest);
        store<f32>(kept, inverse, 4);
        if (threshold > 0) dropRow(s, s, length, indexOf(token, head, heads), key, threshold, keepScale);
      }
      const to = out + (start + first) * hidden + ((<usize>(head * size)) << 2);
      clearRows(to, hidden, queries, size);
      addProduct(scores, bytes, 4, q + 2 * hidden, stride, to, hidden, queries, size, length);
    }
  }
  if (part + 1 === parts) clearTail(out, starts, hidden, rows, tokens);
}

/** `room` has 2 · (size + block) · padded longest floats for each part. */
export function attentionGradient(
  part: i32,
  parts: i32,
  dout: usize,
  qkv: usize,
  starts: usize,
  statistics: usize,
  dqkv: usize,
  room: usize,
  roomOfPart: i32,
  tokens: i32,
  rows: i32,
  heads: i32,
  size: i32,
  scale: f32,
  key: i32,
  threshold: i32,
  keepScale: f32,
): void {
  const hidden = (<usize>(heads * size)) << 2;
  const stride = 3 * hidden;
  const kT = room + ((<usize>(part * roomOfPart)) << 2);
  const end = firstOf(rows * heads, part + 1, parts);
  for (let unit = firstOf(rows * heads, part, parts); unit < end; unit++) {
    const head = unit % heads;
    const start = startOf(starts, unit / heads);
    const length = startOf(starts, unit / heads + 1) - start;
    const bytes = (<usize>padded(length)) << 2;
    const ofHead = (<usize>(head * size)) << 2;
    const q = qkv + start * stride + ofHead;
    const dq = dqkv + start * stride + ofHead;
    const vT = kT + size * bytes;
    const p = vT + size * bytes;
    const dp = p + block * bytes;
    transpose(q + hidden, stride, kT, length, size);
    transpose(q + 2 * hidden, stride, vT, length, size);
    clearRows(dq, stride, length, size);
    clearRows(dq + hidden, stride, length, size);
    clearRows(dq + 2 * hidden, stride, length, size);
    for (let first = 0; first < length; first += block) {
      const queries = min(block, length - first);
      const own = q + first * stride;
      const d = dout + (start + first) * hidden + ofHead;
      innerProducts(own, stride, kT, p, queries, length, size);
      for (let i = 0; i < queries; i++) {
        const token = start + first + i;
        const kept = statisticsOf(statistics, token, head, heads);
        expRow(p + i * bytes, length, load<f32>(kept), scale);
        scaleRow(p + i * bytes, length, load<f32>(kept, 4));
        // The probabilities after dropout, in the room of dp.
        dropRow(p + i * bytes, dp + i * bytes, length, indexOf(token, head, heads), key, threshold, keepScale);
      }
      addProduct(dp, 4, bytes, d, hidden, dq + 2 * hidden, stride, length, size, queries);
      innerProducts(d, hidden, vT, dp, queries, length, size);
      for (let i = 0; i < queries; i++) {
        const row = dp + i * bytes;
        const index = indexOf(start + first + i, head, heads);
        if (threshold > 0) dropRow(row, row, length, index, key, threshold, keepScale);
        scoreGradient(p + i * bytes, row, length, scale);
      }
      addProduct(dp, bytes, 4, q + hidden, stride, dq + first * stride, stride, queries, size, length);
      addProduct(dp, 4, bytes, own, stride, dq + hidden, stride, length, size, queries);
    }
  }
  if (part + 1 === parts) clearTail(dqkv, starts, stride, rows, tokens);
}
