/**
 * The frame of attention's WGSL programs: an invocation, or on GPUs a workgroup, owns neighbouring tokens of one
 * (sentence, head) and sweeps over all tokens of the sentence, a few at a turn. See attention-blocks.ts.
 */
import { mainWgsl, type Program } from '../device/program.ts';
import { cellOf, type Storage, storageSuffix } from '../device/storage.ts';
import { randomBitsWgsl } from '../random.ts';
import { blocksOf, lines, metTogether, tilesWgsl, zero } from './attention-blocks.ts';
import { elementOf, type Row, rowsWgsl, startRows } from './attention-rows.ts';

export type Variant = {
  /** Width of a head. */
  size: number;
  /** Whether probabilities are dropped. */
  dropout: boolean;
  software: boolean;
  /** Of the buffers of rows. */
  storage: Storage;
};

/** The parts of a program that differ between the passes; code in WGSL. */
export type Sweep = {
  name: string;
  /** Storage buffers of rows, of which the last one is written; {@link sweepProgram} itself adds `starts`. */
  buffers: readonly string[];
  others?: Program['buffers'];
  uniforms?: Program['uniforms'];
  /** Rows that the program sets, which are 0 for tokens of no sentence. */
  results: readonly Row[];
  /** Runs before, at each turn (tokens `met<b>`, four in each block b, of which those from `end` on do not count), and after. */
  before: string;
  body: string;
  after: string;
};

const invocations = 64;

/** Neighbouring tokens of a sentence that are owned together. */
const ownedTogether = (software: boolean): number => (software ? 4 : 32);

/** Workgroups of a program for each (sentence, head): sentences begin a tile, so each may leave one unfilled. */
export function groupsOf(
  { software }: Variant,
  { tokens, rows, heads }: { tokens: number; rows: number; heads: number },
): number {
  const tiles = Math.floor(tokens / ownedTogether(software)) + rows + 1;
  return software ? Math.ceil((tiles * heads) / invocations) : tiles * heads;
}

/** `draw_pairs`: for each place, (token · heads + head) · 1024 + a key's position, the bits that it shares with its neighbour. */
const drawWgsl = `${randomBitsWgsl}
fn draw_pair(mask_key : u32, place : u32) -> u32 { return mix_bits(mix_bits((place >> 1u) ^ mask_key) + mask_key); }
fn draw_pairs(mask_key : u32, places : vec4u) -> vec4u {
  return vec4u(draw_pair(mask_key, places.x), draw_pair(mask_key, places.y),
    draw_pair(mask_key, places.z), draw_pair(mask_key, places.w));
}`;

/**
 * The whole program. The parts see, besides what attention-blocks.ts says, `line`, the four own tokens' places in what has
 * one element a token and head.
 */
export function sweepProgram({ size, dropout, software, storage }: Variant, sweep: Sweep): Program {
  const together = ownedTogether(software);
  const element = elementOf(size);
  if (storage === 'float16' && element === 'f32') throw new Error('attention of halves has heads of fours');
  const written = sweep.buffers.at(-1)!;
  const cell = cellOf(element, storage);
  const buffers = sweep.buffers.map((name) => [name, `${name === written ? 'write' : 'read'} ${cell}`] as const);
  const blocks = blocksOf(software);
  const first = software ? '' : ' + 4u * column';
  return {
    name: `${sweep.name}-${element}${dropout ? '-dropout' : ''}-${software ? 'barrier-free' : 'workgroup'}${storageSuffix(storage)}`,
    buffers: {
      ...Object.fromEntries(buffers),
      ...(storage === 'float16' && { running: `write ${element}` }),
      starts: 'read i32',
      ...sweep.others,
    },
    uniforms: { tokens: 'u32', rows: 'u32', heads: 'u32', size: 'u32', ...sweep.uniforms },
    code: `
${rowsWgsl(element, sweep.buffers, written, storage)}
${software ? '' : tilesWgsl}
${dropout ? drawWgsl : ''}
const next = vec4u(0u, 1u, 2u, 3u);

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

${mainWgsl(invocations)}
  let number = flat_group(group, groups)${software ? ` * ${invocations}u + local` : ''};
  let tiles = uniforms.tokens / ${together}u + uniforms.rows + 1u;
  let head = number / tiles;
  let row = row_of(number % tiles);
  let none = row == uniforms.rows;
  let start = u32(starts[row]);
  let end = u32(starts[min(row + 1u, uniforms.rows)]);
  let own_end = select(end, uniforms.tokens, none);
  let own_start = start + (number % tiles - first_tile(row)) * ${together}u;
  if (head >= uniforms.heads || own_start >= own_end) { return; }
  ${
    software
      ? 'let first = own_start;'
      : `let strip = local / 8u;
  let column = local % 8u;
  let first = own_start + 4u * strip;`
  }
  ${startRows(element)}
  let scale = inverseSqrt(f32(uniforms.size));
  let scale_2 = scale * ${Math.LOG2E}; // for powers of 2 instead of e
  let own = min(vec4u(first) + next, vec4u(own_end - 1u));
  let owned = max(first, own_end) - first;
  let line = own * uniforms.heads + head;
  if (none) {
    ${sweep.results.map((row) => zero(software, row)).join('')}
    return;
  }
  ${sweep.before}
  for (var j = start; j < end; j += ${metTogether(software)}u) {
    ${lines(blocks, (b) => `let met${b} = vec4u(j${first}) + next + ${4 * b}u;`)}
    ${sweep.body}
  }
  ${sweep.after}
}`,
  };
}
