/**
 * Small matrix products on WASM (AssemblyScript): C = A · B, or added to C, C `[m, n]`, A `[m, k]`, B `[k, n]`. Strides are
 * in bytes; A's elements may lie in any order, so also transposed, while the rows of B and C are contiguous.
 */

/** Four rows of C by eight columns, C += A · B. */
export function fourByEight(
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
): void {
  let c00 = v128.load(c);
  let c01 = v128.load(c + 16);
  let c10 = v128.load(c + cRow);
  let c11 = v128.load(c + cRow + 16);
  let c20 = v128.load(c + 2 * cRow);
  let c21 = v128.load(c + 2 * cRow + 16);
  let c30 = v128.load(c + 3 * cRow);
  let c31 = v128.load(c + 3 * cRow + 16);
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (let i = 0; i < k; i++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b + 16);
    let x = v128.load_splat<f32>(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a1);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a2);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a3);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a += aCol;
    a1 += aCol;
    a2 += aCol;
    a3 += aCol;
    b += bRow;
  }
  v128.store(c, c00);
  v128.store(c + 16, c01);
  v128.store(c + cRow, c10);
  v128.store(c + cRow + 16, c11);
  v128.store(c + 2 * cRow, c20);
  v128.store(c + 2 * cRow + 16, c21);
  v128.store(c + 3 * cRow, c30);
  v128.store(c + 3 * cRow + 16, c31);
}

/** One row of C by eight columns. */
function oneByEight(a: usize, aCol: usize, b: usize, bRow: usize, c: usize, k: i32): void {
  let c0 = v128.load(c);
  let c1 = v128.load(c + 16);
  for (let i = 0; i < k; i++) {
    const x = v128.load_splat<f32>(a);
    c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b + 16)));
    a += aCol;
    b += bRow;
  }
  v128.store(c, c0);
  v128.store(c + 16, c1);
}

/** C += A · B. */
export function addProduct(
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  m: i32,
  n: i32,
  k: i32,
): void {
  let j: i32 = 0;
  for (; j + 8 <= n; j += 8) {
    const at = (<usize>j) << 2;
    let i: i32 = 0;
    for (; i + 4 <= m; i += 4) fourByEight(a + i * aRow, aRow, aCol, b + at, bRow, c + i * cRow + at, cRow, k);
    for (; i < m; i++) oneByEight(a + i * aRow, aCol, b + at, bRow, c + i * cRow + at, k);
  }
  for (; j < n; j++) {
    const at = (<usize>j) << 2;
    for (let i = 0; i < m; i++) {
      let sum = load<f32>(c + i * cRow + at);
      for (let l = 0; l < k; l++) sum += load<f32>(a + i * aRow + l * aCol) * load<f32>(b + l * bRow + at);
      store<f32>(c + i * cRow + at, sum);
    }
  }
}

/** x = 0, `rows` of `width` elements. */
export function clearRows(x: usize, stride: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) memory.fill(x + row * stride, 0, (<usize>width) << 2);
}
