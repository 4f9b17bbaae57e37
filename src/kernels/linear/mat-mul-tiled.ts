/**
 * Matrix products for GPUs: a workgroup computes a square tile of the result. It brings 16 steps of R at a time into
 * shared memory, transposed so that R is the slow axis, and each thread multiplies rows × columns out of registers; the
 * next 16 steps are read while it does (the layout of CUTLASS and of S. Boehm, https://siboehm.com/articles/22/CUDA-MMM).
 */

import type { Program } from '../device/program.ts';
import { storageSuffix } from '../device/storage.ts';
import { assignSum, bindings, hasSums, loads, type Product, repeat, runsAlongR, stores } from './mat-mul-form.ts';

/** Rows and columns of a workgroup's tile; it has twice as many threads. */
export type Tile = 32 | 64 | 128;

/** Quads (fours) of rows and of columns that a thread multiplies: 4 × 4, 8 × 4 or 8 × 8 values. */
const quadsOfThread: Record<Tile, [rows: number, columns: number]> = { 32: [1, 1], 64: [2, 1], 128: [2, 2] };

const xyzw = 'xyzw';

/** Reads the thread's 4 × 4 block of an operand, its column k being step k of R; the first `tile` threads read A. */
function fetch(product: Product, operand: 'a' | 'b', tile: Tile): { four: string; quad: string; read: string } {
  const start = `tile_${operand}`;
  if (runsAlongR(product.form, operand)) {
    const rows = repeat(4, (i) => `load_${operand}(${start} + quad * 4u + ${i}u, step + four * 4u)`, ', ');
    return { four: 't % 4u', quad: 't / 4u', read: `transpose(mat4x4f(${rows}))` };
  }
  // Neighbouring threads read neighbouring columns. A's slice of R ends where the next one begins.
  const rows = repeat(4, (i) => `load_${operand}(step + four * 4u + ${i}u, ${start} + quad * 4u)`, ', ');
  return { four: `t / ${tile / 4}u`, quad: `t % ${tile / 4}u`, read: `mat4x4f(${rows})` };
}

/** Groups: tiles across Q, tiles down P, slices of R. A slice is a multiple of 16. */
export function tiledProgram(product: Product, tile: Tile): Program {
  const { form, ending, aligned, storage } = product;
  const [rowQuads, columnQuads] = quadsOfThread[tile];
  const quads = tile / 4;
  const down = quads / rowQuads; // threads
  const across = quads / columnQuads;
  const a = fetch(product, 'a', tile);
  const b = fetch(product, 'b', tile);
  const sums = hasSums(ending);
  const multiply = (k: number) => `
        ${repeat(rowQuads, (i) => `let a${k}_${i} = shared_a[f * ${4 * quads}u + ((ty + ${i * down}u) ^ (f * 2u)) + ${k * quads}u];`, ' ')}
        ${repeat(columnQuads, (j) => `let b${k}_${j} = shared_b[f * ${4 * quads}u + ((tx + ${j * across}u) ^ (f * 2u)) + ${k * quads}u];`, ' ')}
        ${repeat(rowQuads * 4, (i) => repeat(columnQuads, (j) => `c${i}_${j} += a${k}_${i >> 2}.${xyzw[i & 3]} * b${k}_${j};`, ' '))}`;
  return {
    name: `product-${form}-${ending}-tiled-${tile}${aligned ? '' : '-scalar'}${storageSuffix(storage)}`,
    ...bindings(product),
    code: `${loads(product)}
${stores(product)}
// A quad of step k lies at k · quads + (quad ^ swizzle): neither reads nor writes of a warp meet in a bank.
var<workgroup> shared_a : array<vec4f, ${16 * quads}>;
var<workgroup> shared_b : array<vec4f, ${16 * quads}>;
@compute @workgroup_size(${2 * tile}) fn main(@builtin(workgroup_id) group : vec3u, @builtin(local_invocation_index) thread : u32) {
  let tile_a = group.y * ${tile}u;
  let tile_b = group.x * ${tile}u;
  let reads_a = thread < ${tile}u;
  let t = thread % ${tile}u;
  let four = select(${b.four}, ${a.four}, reads_a);
  let quad = select(${b.quad}, ${a.quad}, reads_a);
  let tx = thread % ${across}u;
  let ty = thread / ${across}u;
${repeat(rowQuads * 4, (i) => repeat(columnQuads, (j) => `  var c${i}_${j} = vec4f();`, ''))}
  var step = group.z * uniforms.slice;
  let end = min(step + uniforms.slice, uniforms.r);
  var block : mat4x4f;
  if (reads_a) { block = ${a.read}; } else { block = ${b.read}; }
${sums ? '  var sum = vec4f();' : ''}
  while (step < end) {
    let place = four * ${4 * quads}u + (quad ^ (four * 2u));
    if (reads_a) { ${repeat(4, (k) => `shared_a[place + ${k * quads}u] = block[${k}];`, ' ')} }
    else { ${repeat(4, (k) => `shared_b[place + ${k * quads}u] = block[${k}];`, ' ')} }
${sums ? '    sum += block[0] + block[1] + block[2] + block[3];' : ''}
    workgroupBarrier();
    step += 16u;
    if (step < end) {
      if (reads_a) { block = ${a.read}; } else { block = ${b.read}; }
    }
    for (var f = 0u; f < 4u; f++) {${repeat(4, multiply, '')}
    }
    workgroupBarrier();
  }
${repeat(rowQuads * 4, (i) =>
  repeat(
    columnQuads,
    (j) =>
      `  store(tile_a + (ty + ${(i >> 2) * down}u) * 4u + ${i & 3}u, tile_b + (tx + ${j * across}u) * 4u, c${i}_${j}, group.z);`,
  ),
)}
${
  sums
    ? `  if (reads_a) { shared_a[four * ${quads}u + quad] = sum; }
  workgroupBarrier();
  let row = tile_a + thread;
  if (group.x == 0u && thread < ${tile}u && row < uniforms.p) {
    let at = thread / 4u;
    let total = shared_a[at] + shared_a[${quads}u + at] + shared_a[${2 * quads}u + at] + shared_a[${3 * quads}u + at];
    ${assignSum(ending, 'row')} total[thread % 4u];
  }`
    : ''
}
}`,
  };
}
