/**
 * The frame of attention's WGSL programs. Tokens are packed, `[tokens, heads · size]`; an invocation owns one or more
 * tokens of one (sentence, head) in registers and sweeps over all tokens of the sentence, a few at a turn, so that the
 * matrix of probabilities is never stored.
 *
 * Two variants: for software adapters, where barriers cost most, invocations own several tokens each and share nothing;
 * for GPUs a workgroup owns neighbouring tokens and passes what it sweeps over through workgroup memory.
 */
import { mainWgsl, type Program } from '../device/program.ts';
import { randomBitsWgsl } from '../random.ts';

export type Variant = {
  /** Width of a head. */
  size: number;
  /** Whether probabilities are dropped. */
  dropout: boolean;
  software: boolean;
};

/** The parts of a program that differ between the passes; code in WGSL. */
export type Sweep = {
  name: string;
  /** Storage buffers, of which `rows` are `[tokens, heads · size]`; {@link Sweep} itself adds `starts`. */
  rows: Record<string, 'read' | 'write'>;
  others?: Program['buffers'];
  uniforms?: Program['uniforms'];
  /** Those of the rows that are swept over. */
  swept: readonly [string, string];
  /** Tokens that an invocation owns, and that it meets at a turn. */
  own: number;
  turn: number;
  /** Runs before, at each turn (tokens `j` … `j + turn − 1`, those from `end` on do not count), and after. */
  before: string;
  body: string;
  after: string;
};

/** `line(0)` … `line(count − 1)`. */
export const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

/** `value(0) + … + value(count − 1)` */
export const sum = (count: number, value: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => value(i)).join(' + ');

/** vec4s of a head; the last one is filled with zeros. */
export const chunksOf = (size: number): number => Math.ceil(size / 4);

/** Reads vec4 `c` of the head that begins at `at`. */
export function chunk(size: number, buffer: string, at: string, c: string): string {
  if (size % 4 === 0) return `${buffer}[${at} + ${c}]`;
  const parts = [0, 1, 2, 3].map((i) => [`${at} + 4u * ${c} + ${i}u`, `4u * ${c} + ${i}u < ${size}u`]);
  return `vec4f(${parts.map(([index, inside]) => `select(0.0, ${buffer}[${index}], ${inside})`).join(', ')})`;
}

/** Writes the head of own token `a`: `value(c)` is its vec4 `c`. */
export function store(size: number, buffer: string, a: number, value: (c: number) => string): string {
  const write = (c: number) => {
    if (size % 4 === 0) return `${buffer}[at${a} + ${c}u] = ${value(c)};`;
    const parts = [0, 1, 2, 3].filter((i) => 4 * c + i < size);
    return parts.map((i) => `${buffer}[at${a} + ${4 * c + i}u] = (${value(c)})[${i}];`).join('\n');
  };
  return lines(chunksOf(size), write);
}

/** Invocations of a workgroup; where workgroups own tokens together, one each. */
const invocations = (software: boolean): number => (software ? 64 : 32);

/** Neighbouring tokens of a sentence that are owned together. */
const ownedTogether = (software: boolean, own: number): number => (software ? own : 32);

/** Workgroups of a program for each (sentence, head): sentences begin a tile, so each may leave one unfilled. */
export function groupsOf(
  { software }: Variant,
  own: number,
  { tokens, rows, heads }: { tokens: number; rows: number; heads: number },
): number {
  const tiles = Math.floor(tokens / ownedTogether(software, own)) + rows + 1;
  return software ? Math.ceil((tiles * heads) / invocations(software)) : tiles * heads;
}

/** Tokens in workgroup memory at a time: two rows each must fit into the 16 KiB that every device has. */
const staged = (size: number): number => Math.min(32, 2 ** Math.floor(Math.log2(512 / chunksOf(size))));

/** The sweep over tokens `start` … `end − 1`, reading where the buffers are. */
function streamed({ turn, body }: Sweep): string {
  return `
    for (var j = start; j < end; j += ${turn}u) {
      ${lines(turn, (i) => `let from${i} = (min(j + ${i}u, end - 1u) * uniforms.heads + head) * stride;`)}
      ${body}
    }`;
}

/** The same through workgroup memory. */
function tiled(size: number, { turn, body, swept }: Sweep): string {
  const count = chunksOf(size);
  return `
    for (var tile = start; tile < end; tile += ${staged(size)}u) {
      workgroupBarrier();
      for (var i = local; i < ${staged(size) * count}u; i += ${invocations(false)}u) {
        let place = (min(tile + i / ${count}u, end - 1u) * uniforms.heads + head) * stride;
        ${swept.map((buffer) => `tile_${buffer}[i] = ${chunk(size, buffer, 'place', `(i % ${count}u)`)};`).join('\n')}
      }
      workgroupBarrier();
      let tile_end = min(tile + ${staged(size)}u, end);
      for (var j = tile; j < tile_end; j += ${turn}u) {
        ${lines(turn, (i) => `let from${i} = (j - tile + ${i}u) * ${count}u;`)}
        ${body}
      }
    }`;
}

/** Which of two neighbouring keys are kept: `place` is (token · heads + head) · 1024 + key's position, of either of them. */
const keptWgsl = `${randomBitsWgsl}
fn kept_pair(mask_key : u32, place : u32) -> vec2<bool> {
  let draw = mix_bits(mix_bits((place >> 1u) ^ mask_key) + mask_key); // as random_bits, both halves
  return vec2u(draw & 0xffffu, draw >> 16u) >= vec2u(uniforms.threshold);
}`;

/** Reads vec4 `c` of the token that is met as the `i`-th of a turn. */
export function met({ size, software }: Variant, buffer: string, i: number, c: number): string {
  return software ? chunk(size, buffer, `from${i}`, `${c}u`) : `tile_${buffer}[from${i} + ${c}u]`;
}

/**
 * The whole program. The parts see `start` and `end` of the sentence (equal for tokens of none), `head`, `stride`, and
 * for each own token a: `token<a>`, its place `at<a>` in the rows, and `line<a>` in what has one element a token and head.
 */
export function sweepProgram(variant: Variant, sweep: Sweep): Program {
  const { size, dropout, software } = variant;
  const { own, swept } = sweep;
  const together = ownedTogether(software, own);
  const element = size % 4 === 0 ? 'vec4f' : 'f32';
  const rows = Object.entries(sweep.rows).map(([name, use]) => [name, `${use} ${element}` as const]);
  return {
    name: `${sweep.name}-${size}${dropout ? '-dropout' : ''}-${software ? 'barrier-free' : 'workgroup'}`,
    buffers: { ...Object.fromEntries(rows), starts: 'read i32', ...sweep.others },
    uniforms: { tokens: 'u32', rows: 'u32', heads: 'u32', ...sweep.uniforms },
    code: `
${software ? '' : swept.map((name) => `var<workgroup> tile_${name} : array<vec4f, ${staged(size) * chunksOf(size)}>;`).join('\n')}
${dropout ? keptWgsl : ''}
const scale = ${1 / Math.sqrt(size)};
const scale_2 = ${Math.LOG2E / Math.sqrt(size)}; // for powers of 2 instead of e
const stride = ${size % 4 === 0 ? size / 4 : size}u;

// Number of the first tile of a sentence: at least as many lie before it as the sentences before it need.
fn first_tile(row : u32) -> u32 { return u32(starts[row]) / ${together}u + row; }

// The sentence that a tile belongs to; that of number \`rows\` are the tokens of none.
fn row_of(tile : u32) -> u32 {
  var low = 0u;
  var high = uniforms.rows;
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    if (first_tile(middle) <= tile) { low = middle; } else { high = middle - 1u; }
  }
  return low;
}

${mainWgsl(invocations(software))}
  let number = flat_group(group, groups)${software ? ` * ${invocations(software)}u + local` : ''};
  let tiles = uniforms.tokens / ${together}u + uniforms.rows + 1u;
  let head = number / tiles;
  let row = row_of(number % tiles);
  let none = row == uniforms.rows;
  let start = u32(starts[row]);
  let own_end = select(u32(starts[min(row + 1u, uniforms.rows)]), uniforms.tokens, none);
  let end = select(own_end, start, none);
  let own_start = start + (number % tiles - first_tile(row)) * ${together}u;
  if (head >= uniforms.heads || own_start >= own_end) { return; }
  let first = own_start${software ? '' : ' + local'};
  ${lines(own, (a) => `let token${a} = min(first + ${a}u, own_end - 1u);`)}
  ${lines(own, (a) => `let line${a} = token${a} * uniforms.heads + head;`)}
  ${lines(own, (a) => `let at${a} = line${a} * stride;`)}
  ${sweep.before}
  ${software ? streamed(sweep) : tiled(size, sweep)}
  ${sweep.after}
}`,
  };
}
