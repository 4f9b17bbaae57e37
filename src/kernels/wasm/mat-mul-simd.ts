/**
 * Matrix products on WASM (AssemblyScript): C = A · B + bias, C `[m, n]`, A `[m, k]`, B `[k, n]`. A and B are given with
 * the strides of their rows and columns, in bytes, so either may be transposed. B is packed first: panels of eight columns,
 * each `[k, 8]`, with zeros beyond n; so are four rows of A, `[k, 4]`, where they do not lie in a row. Goto and van de Geijn 2008.
 */
import { firstOf } from './lanes-simd.ts';
import { fourByEight } from './product-simd.ts';

/** How much of k is gone through at a time: what is packed of A and a panel of B fit the first-level cache. */
const depth: i32 = 512;

/** Packs B. */
export function packPanels(
  part: i32,
  parts: i32,
  b: usize,
  bRow: usize,
  bCol: usize,
  packed: usize,
  k: i32,
  n: i32,
): void {
  const panels = (n + 7) >> 3;
  const end = firstOf(panels, part + 1, parts);
  for (let panel = firstOf(panels, part, parts); panel < end; panel++) {
    const to = packed + ((<usize>panel * k) << 5);
    const from = b + <usize>(panel << 3) * bCol;
    const columns = min(8, n - (panel << 3));
    if (columns === 8 && bCol === 4) {
      for (let i = 0; i < k; i++) {
        v128.store(to + ((<usize>i) << 5), v128.load(from + i * bRow));
        v128.store(to + ((<usize>i) << 5), v128.load(from + i * bRow, 16), 16);
      }
      continue;
    }
    for (let j = 0; j < 8; j++) {
      const column = from + j * bCol;
      const place = to + ((<usize>j) << 2);
      if (j < columns) for (let i = 0; i < k; i++) store<f32>(place + ((<usize>i) << 5), load<f32>(column + i * bRow));
      else for (let i = 0; i < k; i++) store<f32>(place + ((<usize>i) << 5), 0);
    }
  }
}

/** Packs up to four rows of A, zeros for those that are missing. */
function packRows(a: usize, aRow: usize, aCol: usize, packed: usize, rows: i32, k: i32): void {
  if (rows === 4 && aRow === 4) {
    for (let i = 0; i < k; i++) v128.store(packed + ((<usize>i) << 4), v128.load(a + i * aCol));
    return;
  }
  for (let row = 0; row < 4; row++) {
    for (let i = 0; i < k; i++) {
      store<f32>(
        packed + ((<usize>i) << 4) + ((<usize>row) << 2),
        row < rows ? load<f32>(a + row * aRow + i * aCol) : 0,
      );
    }
  }
}

/** Copies `rows` rows of `columns` elements. */
function copyTile(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) memory.copy(to + row * toRow, from + row * fromRow, (<usize>columns) << 2);
}

/** C of four rows, or fewer, += A · B. `room` has {@link depth} · 4 + 32 floats: A, and a tile of C that is not whole. */
function addRows(
  a: usize,
  aRow: usize,
  aCol: usize,
  panel: usize,
  panelBytes: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  n: i32,
  k: i32,
  room: usize,
): void {
  const tile = room + (depth << 4);
  const isPacked = rows < 4 || aRow === 4;
  if (isPacked) packRows(a, aRow, aCol, room, rows, k);
  const from = isPacked ? room : a;
  const row: usize = isPacked ? 4 : aRow;
  const column: usize = isPacked ? 16 : aCol;
  for (let j = 0; j < n; j += 8) {
    const to = c + ((<usize>j) << 2);
    const columns = min(8, n - j);
    if (rows === 4 && columns === 8) {
      fourByEight(from, row, column, panel, 32, to, cRow, k);
    } else {
      copyTile(to, cRow, tile, 32, rows, columns);
      fourByEight(from, row, column, panel, 32, tile, 32, k);
      copyTile(tile, 32, to, cRow, rows, columns);
    }
    panel += panelBytes;
  }
}

/** C = A · B + bias, or no bias where that is 0, or added to C; B is packed. `room` has `roomOfPart` floats for each part. */
export function matMul(
  part: i32,
  parts: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  packed: usize,
  bias: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  add: i32,
  room: usize,
  roomOfPart: i32,
): void {
  const blocks = (m + 3) >> 2;
  const first = firstOf(blocks, part, parts) << 2;
  const end = min(firstOf(blocks, part + 1, parts) << 2, m);
  const cRow = (<usize>n) << 2;
  const own = room + ((<usize>(part * roomOfPart)) << 2);
  if (!add) {
    for (let row = first; row < end; row++) {
      if (bias) memory.copy(c + row * cRow, bias, cRow);
      else memory.fill(c + row * cRow, 0, cRow);
    }
  }
  for (let start = 0; start < k; start += depth) {
    const length = min(depth, k - start);
    for (let row = first; row < end; row += 4) {
      const from = a + row * aRow + start * aCol;
      const panels = packed + ((<usize>start) << 5);
      addRows(from, aRow, aCol, panels, (<usize>k) << 5, c + row * cRow, cRow, min(4, end - row), n, length, own);
    }
  }
}

/** sums [columns] = Σ over the rows of x [rows, columns]. */
export function sumColumns(part: i32, parts: i32, x: usize, sums: usize, rows: i32, columns: i32): void {
  const lines = (columns + 15) >> 4;
  const first = firstOf(lines, part, parts) << 4;
  const end = min(firstOf(lines, part + 1, parts) << 4, columns);
  const whole = first + (max(end - first, 0) & ~3);
  const stride = (<usize>columns) << 2;
  for (let column = first; column < whole; column += 4) {
    let sum = f32x4.splat(0);
    for (let row = 0; row < rows; row++) sum = f32x4.add(sum, v128.load(x + row * stride + ((<usize>column) << 2)));
    v128.store(sums + ((<usize>column) << 2), sum);
  }
  for (let column = whole; column < end; column++) {
    let sum: f32 = 0;
    for (let row = 0; row < rows; row++) sum += load<f32>(x + row * stride + ((<usize>column) << 2));
    store<f32>(sums + ((<usize>column) << 2), sum);
  }
}
