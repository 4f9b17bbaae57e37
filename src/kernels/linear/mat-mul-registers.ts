/**
 * Matrix products without barriers, for devices that compute in software (SwiftShader): every invocation keeps a large
 * tile of the result in registers. A load costs such a device as much as ten multiplications, because it reads each of its
 * four lanes by itself; where there are subgroups the four invocations of a quad therefore share their loads of A.
 */

import { flatMain, type Program } from '../device/program.ts';
import { geluWgsl } from './gelu.ts';
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

/** Four steps of R: for each row of the tile an expression of its four values of A, and the statements before it. */
function readA(form: Form, lanes: 1 | 4, rows: number): { loads: string; values: (row: number) => string } {
  if (runsAlongR(form, 'a')) {
    const load = (i: number) => `load_a(top + ${i * lanes}u${lanes === 4 ? ' + lane' : ''}, step)`;
    return {
      loads: repeat(rows / lanes, (i) => `    let a${i} = ${load(i)};`),
      values: (row) => (lanes === 4 ? `quadBroadcast(a${row >> 2}, ${row & 3}u)` : `a${row}`),
    };
  }
  // Columns of A: a quad's invocation has step + lane of four rows, alone it reads four steps.
  const load = (k: string, i: number) => `load_a(step + ${k}, top + ${i * 4}u)`;
  const step = (i: number, k: number) => (lanes === 4 ? `quadBroadcast(a${i}, ${k}u)` : `a${i}_${k}`);
  return {
    loads: repeat(rows / 4, (i) =>
      lanes === 4
        ? `    let a${i} = ${load('lane', i)};`
        : repeat(4, (k) => `    let a${i}_${k} = ${load(`${k}u`, i)};`, ' '),
    ),
    values: (row) => `vec4f(${repeat(4, (k) => `${step(row >> 2, k)}.${xyzw[row & 3]}`, ', ')})`,
  };
}

/** Four steps of R of the quad j of columns: `b0_j … b3_j`, each four columns. */
function readB(form: Form, lanes: 1 | 4, j: number): string {
  const column = `left + ${j * 4 * lanes}u`;
  if (!runsAlongR(form, 'b')) return repeat(4, (k) => `    let b${k}_${j} = load_b(step + ${k}u, ${column});`, ' ');
  const columns = repeat(4, (i) => `load_b(${column} + ${i}u, step)`, ', ');
  return `    let w${j} = transpose(mat4x4f(${columns}));${repeat(4, (k) => ` let b${k}_${j} = w${j}[${k}];`, '')}`;
}

/** Sums of four rows of A over the slice; the tiles at the left write them. */
function storeSum(ending: Ending, i: number, lanes: 1 | 4): string {
  const total = lanes === 4 ? repeat(4, (k) => `quadBroadcast(sum${i}, ${k}u)`, ' + ') : `sum${i}`;
  const one = (k: number) =>
    `  if ((left == 0u) & (top + ${i * 4 + k}u < uniforms.p)) { ${assignSum(ending, `top + ${i * 4 + k}u`)} total${i}[${k}]; }`;
  return `  let total${i} = ${total};\n${repeat(4, one)}`;
}

/** Groups: a flat grid of ⌈tiles · lanes / {@link groupSize}⌉, row by row; slices of R in z, each a multiple of 4. */
export function registersProgram(product: Product, { rows, quads, lanes }: Registers): Program {
  const { form, ending, aligned } = product;
  const columns = 4 * quads * lanes;
  const a = readA(form, lanes, rows);
  const multiply = (i: number) => `    { let a = ${a.values(i)};
${repeat(quads, (j) => `      c${i}_${j} += ${repeat(4, (k) => `a.${xyzw[k]} * b${k}_${j}`, ' + ')};`)} }`;
  const sums = hasSums(ending);
  return {
    name: `product-${form}-${ending}-registers-${rows}x${columns}-${lanes}${aligned ? '' : '-scalar'}`,
    enable: lanes === 4 ? ['subgroups'] : [],
    ...bindings(product),
    code: `${ending === 'gelu' ? geluWgsl(aligned ? 'vec4f' : 'f32') : ''}
${loads(product)}
${stores(product)}
${flatMain(groupSize, 'thread')}
  let lane = thread % ${lanes}u;
  let across = (uniforms.q + ${columns - 1}u) / ${columns}u;
  let tile = thread / ${lanes}u;
  let top = tile / across * ${rows}u;
  let left = tile % across * ${columns}u + lane * 4u;
  let start = group.z * uniforms.slice;
  let end = min(start + uniforms.slice, uniforms.r);
${repeat(rows, (i) => repeat(quads, (j) => `  var c${i}_${j} = vec4f();`, ''))}
${sums ? repeat(rows / 4, (i) => `  var sum${i} = vec4f();`, '') : ''}
  for (var step = start; step < end; step += 4u) {
${a.loads}
${sums ? repeat(rows / 4, (i) => `    sum${i} += ${lanes === 4 ? `a${i}` : repeat(4, (k) => `a${i}_${k}`, ' + ')};`) : ''}
${repeat(quads, (j) => readB(form, lanes, j))}
${repeat(rows, multiply)}
  }
${repeat(rows, (i) => repeat(quads, (j) => `  store(top + ${i}u, left + ${j * 4 * lanes}u, c${i}_${j}, group.z);`, ''))}
${sums ? repeat(rows / 4, (i) => storeSum(ending, i, lanes)) : ''}
}`,
  };
}
