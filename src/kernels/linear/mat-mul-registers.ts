/**
 * Matrix products without barriers, for devices that compute in software (SwiftShader): every invocation keeps a large
 * tile of the result. A load costs such a device as much as ten multiplications, because it reads each of its four lanes by
 * itself; where there are subgroups the four invocations of a quad therefore share their loads of A.
 *
 * How the sums are written counts as much: SwiftShader turns four invocations into one stream of SSE instructions and gives
 * each value one place, register or stack, for its whole life. Scalar sums of dot products have few values alive at a time
 * (a third faster than sums of vectors), B stands left because A's few values are read again at once, and the results go
 * through an array, so that the many instructions of a store are there once.
 */

import { flatMain, type Program } from '../device/program.ts';
import { storageSuffix } from '../device/storage.ts';
import {
  assignSum,
  bindings,
  type Ending,
  type Form,
  hasSums,
  loads,
  type Product,
  repeat,
  runsAlongR,
  stores,
} from './mat-mul-form.ts';

/** `rows` (a multiple of 4, of 16 with lanes = 4) × 4 · `quads` columns of an invocation, of which `lanes` (1 or 4) share rows. */
export type Registers = { rows: number; quads: number; lanes: 1 | 4 };

/** Invocations of a workgroup. */
export const groupSize = 16;

const xyzw = 'xyzw';

/** Reads four steps of R of the four rows from 4 · i on: `a0 … a3`; and `sum<i>`, where it is asked for. */
function readA(form: Form, lanes: 1 | 4, i: number, sums: boolean): string {
  const row = `top + ${i * 4}u`;
  if (runsAlongR(form, 'a')) {
    if (lanes === 1) return repeat(4, (k) => `let a${k} = load_a(${row} + ${k}u, step);`, ' ');
    return `let shared_a = load_a(${row} + lane, step); ${repeat(4, (k) => `let a${k} = quadBroadcast(shared_a, ${k}u);`, ' ')}`;
  }
  // Columns of A: a quad's invocation reads step + lane of four rows, alone it reads four steps.
  const read =
    lanes === 4
      ? `let shared_a = load_a(step + lane, ${row});`
      : repeat(4, (k) => `let step${k} = load_a(step + ${k}u, ${row});`, ' ');
  const value = (k: number, of: number) =>
    lanes === 4 ? `quadBroadcast(shared_a.${xyzw[of]}, ${k}u)` : `step${k}.${xyzw[of]}`;
  const sum = lanes === 4 ? 'shared_a' : repeat(4, (k) => `step${k}`, ' + ');
  return `${read} ${repeat(4, (of) => `let a${of} = vec4f(${repeat(4, (k) => value(k, of), ', ')});`, ' ')}${
    sums ? ` sum${i} += ${sum};` : ''
  }`;
}

/** Four steps of R of four columns: `b<column>`. */
function readB(form: Form, lanes: 1 | 4, j: number): string {
  const column = `left + ${j * 4 * lanes}u`;
  if (runsAlongR(form, 'b')) return repeat(4, (m) => `    let b${4 * j + m} = load_b(${column} + ${m}u, step);`, '');
  const steps = repeat(4, (k) => `    let row${j}_${k} = load_b(step + ${k}u, ${column});`, '');
  const turned = (m: number) => repeat(4, (k) => `row${j}_${k}.${xyzw[m]}`, ', ');
  return `${steps}${repeat(4, (m) => ` let b${4 * j + m} = vec4f(${turned(m)});`, '')}`;
}

/** Writes the sums of the rows of A over the slice, which the tiles at the left do. */
function storeSums(ending: Ending, rows: number, lanes: 1 | 4): string {
  const total = (i: number) => (lanes === 4 ? repeat(4, (k) => `quadBroadcast(sum${i}, ${k}u)`, ' + ') : `sum${i}`);
  return `  var totals : array<vec4f, ${rows / 4}>;
${repeat(rows / 4, (i) => `  totals[${i}] = ${total(i)};`)}
  for (var i = 0u; i < ${rows}u; i++) {
    if ((left == 0u) & (top + i < uniforms.p)) { ${assignSum(ending, 'top + i')} totals[i >> 2u][i & 3u]; }
  }`;
}

/** Groups: a flat grid of ⌈tiles · lanes / {@link groupSize}⌉, row by row; slices of R in z, each a multiple of 4. */
export function registersProgram(product: Product, { rows, quads, lanes }: Registers): Program {
  const { form, ending, aligned, storage } = product;
  const columns = 4 * quads * lanes;
  const own = 4 * quads; // columns of an invocation
  const sums = hasSums(ending);
  const multiply = (i: number) => `    { ${readA(form, lanes, i, sums)}
${repeat(own, (m) => `      ${repeat(4, (k) => `c${4 * i + k}_${m} = dot(b${m}, a${k}) + c${4 * i + k}_${m};`, ' ')}`)} }`;
  const four = (row: number, j: number) => `vec4f(${repeat(4, (m) => `c${row}_${4 * j + m}`, ', ')})`;
  return {
    name: `product-${form}-${ending}-registers-${rows}x${columns}-${lanes}${aligned ? '' : '-scalar'}${storageSuffix(storage)}`,
    enable: lanes === 4 ? ['subgroups'] : [],
    ...bindings(product),
    code: `${loads(product, true)}
${stores(product)}
${flatMain(groupSize, 'thread')}
  let lane = thread % ${lanes}u;
  let across = (uniforms.q + ${columns - 1}u) / ${columns}u;
  let tile = thread / ${lanes}u;
  let top = tile / across * ${rows}u;
  let left = tile % across * ${columns}u + lane * 4u;
  let start = group.z * uniforms.slice;
  let end = min(start + uniforms.slice, uniforms.r);
${repeat(rows, (i) => repeat(own, (m) => `  var c${i}_${m} = 0.0;`, ''))}
${sums ? repeat(rows / 4, (i) => `  var sum${i} = vec4f();`, '') : ''}
  for (var step = start; step < end; step += 4u) {
${repeat(quads, (j) => readB(form, lanes, j))}
${repeat(rows / 4, multiply)}
  }
  var result : array<vec4f, ${rows * quads}>;
${repeat(rows, (i) => repeat(quads, (j) => `  result[${i * quads + j}] = ${four(i, j)};`, ''))}
  for (var i = 0u; i < ${rows}u; i++) {
    for (var j = 0u; j < ${quads}u; j++) {
      store(top + i, left + j * ${4 * lanes}u, result[i * ${quads}u + j], group.z);
    }
  }
${sums ? storeSums(ending, rows, lanes) : ''}
}`,
  };
}
