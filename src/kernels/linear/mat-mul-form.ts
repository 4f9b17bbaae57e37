/**
 * What the programs for matrix products have in common: which product, how its operands are read, and what becomes of
 * its values. All matrices are row-major float32; the result is P × Q, and R is summed over:
 *   nt: A [P, R] · B [Q, R]ᵀ      nn: A [P, R] · B [R, Q]      tn: A [R, P]ᵀ · B [R, Q]
 */
import type { Program } from '../device/program.ts';

export type Form = 'nt' | 'nn' | 'tn';

/**
 * What becomes of the values v of the product:
 *   bias: c = v + bias[q]    gelu: u = v + bias[q], c = gelu(u)    set: c = v    add: c += v
 *   outer (form tn): c += v, and sums += the sums of A over R
 *   partial (form tn): c[slice] = v over a slice of R only, and sums[slice] = the same slice's sums of A over R.
 */
export type Ending = 'bias' | 'gelu' | 'set' | 'add' | 'outer' | 'partial';

/** Whether the sums of A are asked for, too. */
export const hasSums = (ending: Ending): boolean => ending === 'outer' || ending === 'partial';

/** Where a row's sum goes, and how. */
export const assignSum = (ending: Ending, row: string): string =>
  ending === 'outer' ? `sums[${row}] +=` : `sums[group.z * uniforms.p + ${row}] =`;

/** What the code of a program depends on; `aligned`: rows of all matrices are multiples of four floats. */
export type Product = { form: Form; ending: Ending; aligned: boolean };

/** Whether an operand's rows run along R. */
export const runsAlongR = (form: Form, operand: 'a' | 'b'): boolean =>
  operand === 'a' ? form !== 'tn' : form === 'nt';

/** Bindings of a program. Every one has a group (or thread) of its own for a slice of R in the form tn. */
export function bindings({ ending, aligned }: Product): Pick<Program, 'buffers' | 'uniforms'> {
  const element = aligned ? 'vec4f' : 'f32';
  const buffers: Program['buffers'] = { a: `read ${element}`, b: `read ${element}`, c: `write ${element}` };
  if (ending === 'bias' || ending === 'gelu') buffers.bias = `read ${element}`;
  if (ending === 'gelu') buffers.u = `write ${element}`;
  if (hasSums(ending)) buffers.sums = 'write f32';
  return { buffers, uniforms: { p: 'u32', q: 'u32', r: 'u32', slice: 'u32' } };
}

/**
 * `load_a(row, at) : vec4f` and `load_b`: four values of a row from a column that is a multiple of four, zeros outside of
 * the matrix (what lies outside along P or Q does not matter, but outside along R it would be summed).
 */
export function loads({ form, aligned }: Product): string {
  const load = (name: string, rows: string, width: string, along: boolean) => {
    if (aligned) {
      return `fn load_${name}(row : u32, at : u32) -> vec4f {
  return select(vec4f(), ${name}[(row * ${width} + at) / 4u], ${along ? `at < ${width}` : `row < ${rows}`});
}`;
    }
    const value = (i: number) =>
      `select(0.0, ${name}[row * ${width} + at + ${i}u], (row < ${rows}) & (at + ${i}u < ${width}))`;
    return `fn load_${name}(row : u32, at : u32) -> vec4f {
  return vec4f(${[0, 1, 2, 3].map(value).join(', ')});
}`;
  };
  const a = form === 'tn' ? ['uniforms.r', 'uniforms.p'] : ['uniforms.p', 'uniforms.r'];
  const b = form === 'nt' ? ['uniforms.q', 'uniforms.r'] : ['uniforms.r', 'uniforms.q'];
  return `${load('a', a[0]!, a[1]!, runsAlongR(form, 'a'))}\n${load('b', b[0]!, b[1]!, runsAlongR(form, 'b'))}`;
}

// & and not &&, which would branch: SwiftShader (Chromium 156) does not come to an end compiling dozens of branches.

/** `store(row, column, v : vec4f, slice)`: writes four values from a column that is a multiple of four, where there are such. */
export function stores({ ending, aligned }: Product): string {
  const write = (at: string, column: string, v: string) => {
    const start = ending === 'partial' ? `slice * uniforms.p * uniforms.q${aligned ? ' / 4u' : ''} + ` : '';
    const place = `${start}${at}`;
    if (ending === 'bias') return `c[${place}] = ${v} + bias[${column}];`;
    if (ending === 'gelu') return `let sum = ${v} + bias[${column}]; u[${place}] = sum; c[${place}] = gelu(sum);`;
    return `c[${place}] ${ending === 'add' || ending === 'outer' ? '+=' : '='} ${v};`;
  };
  const head = 'fn store(row : u32, column : u32, v : vec4f, slice : u32) {';
  if (aligned) {
    return `${head}
  if ((row < uniforms.p) & (column < uniforms.q)) { ${write('(row * uniforms.q + column) / 4u', 'column / 4u', 'v')} }
}`;
  }
  const one = (i: number) =>
    `  if ((row < uniforms.p) & (column + ${i}u < uniforms.q)) { ${write(`row * uniforms.q + column + ${i}u`, `column + ${i}u`, `v[${i}]`)} }`;
  return `${head}\n${repeat(4, one)}\n}`;
}

/** Repeats code for 0 … count − 1. */
export const repeat = (count: number, code: (i: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, i) => code(i)).join(between);
