/** Rows read from an embedding table, and the table's gradient, on WASM (AssemblyScript). */
import { firstOf } from '../wasm/lanes-simd.ts';

/** y += x, `width` elements. */
function addTo(y: usize, x: usize, width: i32): void {
  const whole = (width & ~3) << 2;
  for (let at = 0; at < whole; at += 16) v128.store(y + at, f32x4.add(v128.load(y + at), v128.load(x + at)));
  for (let at = whole; at < width << 2; at += 4) store<f32>(y + at, load<f32>(y + at) + load<f32>(x + at));
}

/** y[i] = table[index[i]], or added to what is there. */
export function gatherRows(
  part: i32,
  parts: i32,
  table: usize,
  index: usize,
  y: usize,
  rows: i32,
  width: i32,
  add: i32,
): void {
  const bytes = (<usize>width) << 2;
  const end = firstOf(rows, part + 1, parts);
  for (let row = firstOf(rows, part, parts); row < end; row++) {
    const from = table + <usize>load<i32>(index + ((<usize>row) << 2)) * bytes;
    if (add) addTo(y + <usize>row * bytes, from, width);
    else memory.copy(y + <usize>row * bytes, from, bytes);
  }
}

/** x = 0, `count` elements. */
export function clear(part: i32, parts: i32, x: usize, count: i32): void {
  const first = (<usize>firstOf(count, part, parts)) << 2;
  memory.fill(x + first, 0, ((<usize>firstOf(count, part + 1, parts)) << 2) - first);
}

/** table[index[i]] += x[i]. A part has columns, not rows, because several rows may go to one. */
export function scatterRows(part: i32, parts: i32, x: usize, index: usize, table: usize, rows: i32, width: i32): void {
  const lines = (width + 15) >> 4; // what one part writes should not share a cache line with another's
  const first = firstOf(lines, part, parts) << 4;
  const columns = min(firstOf(lines, part + 1, parts) << 4, width) - first;
  const bytes = (<usize>width) << 2;
  if (columns <= 0) return;
  for (let row = 0; row < rows; row++) {
    const to = table + <usize>load<i32>(index + ((<usize>row) << 2)) * bytes;
    addTo(to + ((<usize>first) << 2), x + <usize>row * bytes + ((<usize>first) << 2), columns);
  }
}
