/**
 * What the programs for matrix products have in common: which product, how its operands are read, and what becomes of
 * its values. All matrices are row-major; the result is P × Q, and R is summed over:
 *   nt: A [P, R] · B [Q, R]ᵀ      nn: A [P, R] · B [R, Q]      tn: A [R, P]ᵀ · B [R, Q]
 */
import type { Program } from '../device/program.ts';
import { cellOf, loaded, type Storage, stored } from '../device/storage.ts';
import { geluWgsl } from './gelu.ts';

export type Form = 'nt' | 'nn' | 'tn';

/**
 * What becomes of the values v of the product:
 *   bias: c = v + bias[q]    gelu: u = v + bias[q], c = gelu(u)    set: c = v    add: c += v
 *   slope: c = v · gelu'(u), u = gelu(u)
 *   outer (form tn): c += v, and sums += the sums of A over R
 *   partial (form tn): c[slice] = v over a slice of R only, and sums[slice] = the same slice's sums of A over R.
 */
export type Ending = 'bias' | 'gelu' | 'slope' | 'set' | 'add' | 'outer' | 'partial';

const hasGelu = (ending: Ending): boolean => ending === 'gelu' || ending === 'slope';

/** Whether the sums of A are asked for, too. */
export const hasSums = (ending: Ending): boolean => ending === 'outer' || ending === 'partial';

/** Where a row's sum goes, and how. */
export const assignSum = (ending: Ending, row: string): string =>
  ending === 'outer' ? `sums[${row}] +=` : `sums[group.z * uniforms.p + ${row}] =`;

/**
 * What the code of a program depends on; `aligned`: rows of all matrices are multiples of four floats. `storage` is that of
 * activations and their gradients, a, c and u, and of a and b in the form tn; parameters and sums are floats.
 */
export type Product = { form: Form; ending: Ending; aligned: boolean; storage: Storage };

/** How an operand, the result or `u` lies in memory. */
const storageOf = ({ form, storage }: Product, name: 'a' | 'b' | 'c' | 'u'): Storage =>
  name === (form === 'tn' ? 'c' : 'b') ? 'float32' : storage;

/** Whether an operand's rows run along R. */
export const runsAlongR = (form: Form, operand: 'a' | 'b'): boolean =>
  operand === 'a' ? form !== 'tn' : form === 'nt';

/** Bindings of a program. Every one has a group (or thread) of its own for a slice of R in the form tn. */
export function bindings(product: Product): Pick<Program, 'buffers' | 'uniforms'> {
  const { ending, aligned } = product;
  const element = aligned ? 'vec4f' : 'f32';
  const cell = (name: 'a' | 'b' | 'c' | 'u') => cellOf(element, storageOf(product, name));
  const buffers: Program['buffers'] = { a: `read ${cell('a')}`, b: `read ${cell('b')}`, c: `write ${cell('c')}` };
  if (ending === 'bias' || ending === 'gelu') buffers.bias = `read ${element}`;
  if (hasGelu(ending)) buffers.u = `write ${cell('u')}`;
  if (hasSums(ending)) buffers.sums = 'write f32';
  return { buffers, uniforms: { p: 'u32', q: 'u32', r: 'u32', slice: 'u32' } };
}

/**
 * `load_a(row, at) : vec4f` and `load_b`: four values of a row from a column that is a multiple of four, zeros outside of
 * the matrix (what lies outside along P or Q does not matter, but outside along R it would be summed).
 * @param fours the program reads four steps of R at a time. Then no row of aligned matrices ends within what is read, and
 * of the form tn only A has to be 0 below its last row; a test less is a tenth of a load in software.
 */
export function loads(product: Product, fours = false): string {
  const { form, aligned } = product;
  const load = (name: 'a' | 'b', rows: string, width: string, along: boolean) => {
    if (aligned) {
      // Software really divides, if it is told to.
      const value = loaded(`${name}[(row * ${width} + at) >> 2u]`, storageOf(product, name));
      const inside = fours && (form !== 'tn' || name === 'b');
      return `fn load_${name}(row : u32, at : u32) -> vec4f {
  return ${inside ? value : `select(vec4f(), ${value}, ${along ? `at < ${width}` : `row < ${rows}`})`};
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
export function stores(product: Product): string {
  const { ending, aligned } = product;
  const own = storageOf(product, 'c');
  const write = (at: string, column: string, v: string) => {
    const start = ending === 'partial' ? `slice * uniforms.p * uniforms.q${aligned ? ' / 4u' : ''} + ` : '';
    const place = start + (start ? `(${at})` : at);
    if (ending === 'bias') return `c[${place}] = ${stored(`${v} + bias[${column}]`, own)};`;
    if (ending === 'gelu')
      return `let sum = ${v} + bias[${column}]; u[${place}] = ${stored('sum', own)}; c[${place}] = ${stored('gelu(sum)', own)};`;
    if (ending === 'slope') {
      const [slope, after] = [stored(`${v} * gelu_slope(before)`, own), stored('gelu(before)', own)];
      return `let before = ${loaded(`u[${place}]`, own)}; c[${place}] = ${slope}; u[${place}] = ${after};`;
    }
    if (own === 'float16') {
      return `c[${place}] = ${stored(ending === 'add' ? `${loaded(`c[${place}]`, own)} + ${v}` : v, own)};`;
    }
    return `c[${place}] ${ending === 'add' || ending === 'outer' ? '+=' : '='} ${v};`;
  };
  const gelu = hasGelu(ending) ? geluWgsl(aligned ? 'vec4f' : 'f32') : '';
  const head = `${gelu}
fn store(row : u32, column : u32, v : vec4f, slice : u32) {`;
  if (aligned) {
    return `${head}
  if ((row < uniforms.p) & (column < uniforms.q)) { ${write('(row * uniforms.q + column) >> 2u', 'column >> 2u', 'v')} }
}`;
  }
  const one = (i: number) =>
    `  if ((row < uniforms.p) & (column + ${i}u < uniforms.q)) { ${write(`row * uniforms.q + column + ${i}u`, `column + ${i}u`, `v[${i}]`)} }`;
  return `${head}\n${repeat(4, one)}\n}`;
}

/** Repeats code for 0 … count − 1. */
export const repeat = (count: number, code: (i: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, i) => code(i)).join(between);
