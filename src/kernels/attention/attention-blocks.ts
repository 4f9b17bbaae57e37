/**
 * The parts of attention's WGSL programs that go through memory. An invocation holds blocks of four own by four met
 * tokens, `mat4x4f` with a column for each token met. Products over a head's width and sums over the tokens met are
 * loops, and sums stand in memory from one turn to the next: the code does not grow with the head.
 *
 * Two variants: for software adapters, where barriers cost most, an invocation owns four tokens and shares nothing; for
 * GPUs 64 invocations, 8 × 8 blocks, own 32 tokens, meet 32 at a turn, and pass rows and weights through workgroup memory.
 * The code sees `start` and `end` of the sentence, `head`, the four tokens `own` (and how many of them count, `owned`), and
 * the first token `j` that is met at the turn.
 */
import type { Storage } from '../device/storage.ts';
import { at, type Row, read, readFour, readRunning, write, writeRunning } from './attention-rows.ts';

/** Blocks that an invocation holds side by side. */
export const blocksOf = (software: boolean): number => (software ? 2 : 1);

/** Tokens that are met at a turn. */
export const metTogether = (software: boolean): number => (software ? 4 * blocksOf(software) : 32);

/** `line(0)` … `line(count − 1)`. */
export const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

/**
 * Workgroup memory of the GPUs' variant: eight vec4s of each of 32 rows, or the weights of 32 tokens met, four own ones a
 * vec4. Token 4g + i lies at slot 8i + g, and slots are 9 vec4s apart, so that neighbours lie in different banks.
 */
export const tilesWgsl = `
var<workgroup> own_tile : array<vec4f, 288>;
var<workgroup> met_tile : array<vec4f, 288>;
fn slot(token : u32) -> u32 { return (token % 4u * 8u + token / 4u) * 9u; }
fn own_block(at : u32) -> mat4x4f { return mat4x4f(own_tile[at], own_tile[at + 72u], own_tile[at + 144u], own_tile[at + 216u]); }
fn met_block(at : u32) -> mat4x4f { return mat4x4f(met_tile[at], met_tile[at + 72u], met_tile[at + 144u], met_tile[at + 216u]); }`;

const stage = (tile: string, row: Row, first: string, last: string): string => `
      for (var i = local; i < 256u; i += 64u) {
        if (slice + i % 8u < chunks) {
          let begins = ${at(row, `min(${first} + i / 8u, ${last} - 1u)`)};
          ${tile}[slot(i / 8u) + i % 8u] = ${read(row, 'begins', 'slice + i % 8u')};
        }
      }`;

/** Block matrices `name0` …: the products of the own tokens' rows and those of the tokens met. */
export function products(software: boolean, name: string, own: Row, met: Row): string {
  const blocks = blocksOf(software);
  const declared = lines(blocks, (b) => `    var ${name}${b} = mat4x4f();`);
  if (software) {
    return `
${declared}
    {
      let own_at = ${at(own, 'own')};
      ${lines(blocks, (b) => `let met_at${b} = ${at(met, `min(met${b}, vec4u(end - 1u))`)};`)}
      for (var c = 0u; c < chunks; c++) {
        let rows = transpose(${readFour(own, 'own_at', 'c')});
        ${lines(blocks, (b) => `${name}${b} += rows * ${readFour(met, `met_at${b}`, 'c')};`)}
      }
    }`;
  }
  return `
${declared}
    for (var slice = 0u; slice < chunks; slice += 8u) {
      workgroupBarrier();
      ${stage('own_tile', own, 'own_start', 'own_end')}
      ${stage('met_tile', met, 'j', 'end')}
      workgroupBarrier();
      for (var c = 0u; c < min(8u, chunks - slice); c++) {
        ${name}0 += transpose(own_block(strip * 9u + c)) * met_block(column * 9u + c);
      }
    }`;
}

/** Adds what the own tokens get to their rows, of which `carry`, a vec4f, is kept: Σ over the tokens met of weight · row. */
export function accumulate(
  { software, storage }: { software: boolean; storage: Storage },
  into: Row,
  weights: string,
  met: Row,
  carry: string,
): string {
  const blocks = blocksOf(software);
  const add = lines(
    4,
    (a) => `
        if (${a}u < owned) {
          var sum = sums[${a}];
          if (j > start) { sum += ${carry}[${a}] * ${readRunning(into, storage, `into[${a}]`, 'c')}; }
          ${writeRunning(into, storage, `into[${a}]`, 'c', 'sum', `j + ${metTogether(software)}u >= end`)}
        }`,
  );
  if (software) {
    return `
    {
      let into = ${at(into, 'own')};
      ${lines(blocks, (b) => `let met_at${b} = ${at(met, `min(met${b}, vec4u(end - 1u))`)};`)}
      ${lines(blocks, (b) => `let weights${b} = transpose(${weights}${b});`)}
      for (var c = 0u; c < chunks; c++) {
        let sums = ${Array.from({ length: blocks }, (_, b) => `${readFour(met, `met_at${b}`, 'c')} * weights${b}`).join(' + ')};
        ${add}
      }
    }`;
  }
  return `
    workgroupBarrier();
    for (var i = 0u; i < 4u; i++) { own_tile[(8u * i + column) * 9u + strip] = ${weights}0[i]; }
    for (var slice = 0u; slice < chunks; slice += 8u) {
      workgroupBarrier();
      ${stage('met_tile', met, 'j', 'end')}
      workgroupBarrier();
      let c = slice + column;
      if (c < chunks) {
        let into = ${at(into, 'own')};
        var sums = mat4x4f();
        for (var g = 0u; g < 8u; g++) {
          sums += met_block(g * 9u + column) * transpose(own_block(g * 9u + strip));
        }
        ${add}
      }
    }`;
}

/** Sets the own tokens' rows to 0. */
export const zero = (software: boolean, row: Row): string => `
    {
      let at = ${at(row, 'own')};
      for (var c = ${software ? '0u' : 'column'}; c < chunks; c += ${software ? 1 : 8}u) {
        ${lines(4, (a) => `if (${a}u < owned) { ${write(row, `at[${a}]`, 'c', 'vec4f()')} }`)}
      }
    }`;

/** Makes the vec4f variable `name`, of the own tokens, what `join` makes of it and its like in the blocks beside. */
export const across = (software: boolean, name: string, join: (a: string, b: string) => string): string =>
  software
    ? ''
    : `
    workgroupBarrier();
    met_tile[local] = ${name};
    workgroupBarrier();
    for (var g = 1u; g < 8u; g++) { ${name} = ${join(name, 'met_tile[local / 8u * 8u + (local + g) % 8u]')}; }`;
