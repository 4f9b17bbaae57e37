/**
 * WGSL of LayerNorm over rows that are computed on the way in, and of its gradient (formulas in layer-norm.ts). A row is
 * read once by a group of lanes that keep it in registers and sum through workgroup memory; on software adapters, where
 * barriers are slow, one lane takes a whole row and keeps it in the output.
 *
 * The sums over rows (of weight and bias) are deterministic: each group of lanes sums `depth` rows one after the other,
 * and a second program sums the groups' sums.
 */

import { mainWgsl, type Program } from '../device/program.ts';
import { cellOf, loaded, type Storage, storageSuffix, stored } from '../device/storage.ts';
import { type Unit, unitOf, unitsOf, unitWgsl } from '../device/units.ts';
import { dropBuffers, dropUniforms, dropWgsl } from '../dropout-mask.ts';

/** Rows that are normalised; where they have dropout, it is in the `row`'s expression or on the `result`. */
export type NormRows = {
  name: string;
  /** Elements of a row. */
  width: number;
  /** Inputs that the row is computed from. */
  buffers: (unit: Unit) => Program['buffers'];
  /** A unit of the row, from `row`, `unit` (number in the row), `at` (number over all) and `dropped(value, at)`. */
  row: string;
  drop: 'row' | 'result' | null;
  /** Whether forward also writes the rows as they are before the norm, to a buffer `s`. */
  kept?: boolean;
  /** How `y` and `s` lie in memory; in the gradient `dy`, `dx`, and `ds` where it is not joined with sums. */
  storage: Storage;
  software: boolean;
};

/** Invocations of a workgroup. */
const size = { software: 16, gpu: 128 };

/** Lanes that share a row. */
const lanesOf = (software: boolean): number => (software ? 1 : 32);

/** Rows, or sums over rows, that a workgroup works on. */
export const perGroup = (software: boolean): number => (software ? size.software : size.gpu / lanesOf(false));

/** Rows that one group of lanes sums: few sums in the end, but enough of them to fill the device. */
export const depthOf = (rows: number, software: boolean): number =>
  Math.max(1, Math.ceil(rows / (software ? 64 : 512)));

/** Sums over rows that the gradient of `rows` rows makes: each is two rows, for weight and bias. */
export const sumsOf = (rows: number, software: boolean): number => Math.ceil(rows / depthOf(rows, software));

/** What both programs' code has (written when they are compiled, not at every run): the sum over the lanes of a row, and how they go over its units. */
function lanesWgsl({ width, drop, software }: NormRows): {
  functions: string;
  entry: string;
  each: (body: string) => string;
} {
  const lanes = lanesOf(software);
  const own = Math.ceil(unitsOf(width) / lanes); // units of a row that a lane holds
  const threads = software ? size.software : size.gpu;
  const reduce = software
    ? 'fn reduce(value : vec2f, local : u32) -> vec2f { return value; }'
    : `var<workgroup> shared_sums : array<vec2f, ${threads}>;
fn reduce(value : vec2f, local : u32) -> vec2f {
  workgroupBarrier();
  shared_sums[local] = value;
  workgroupBarrier();
  var sum = vec2f(0.0);
  let first = local / ${lanes}u * ${lanes}u;
  for (var i = 0u; i < ${lanes}u; i++) { sum += shared_sums[first + i]; }
  return sum;
}`;
  return {
    functions: [unitWgsl(width), `const own = ${own}u;`, dropWgsl(drop !== null, unitOf(width)), reduce].join('\n'),
    entry: `${mainWgsl(threads)}
  start_dropping();
  let lane = local % ${lanes}u;
  let place = flat_group(group, groups) * ${threads / lanes}u + local / ${lanes}u;`,
    each: (body) => {
      const guarded = own * lanes === unitsOf(width) ? body : `if (unit < units) { ${body} }`;
      return `for (var k = 0u; k < own; k++) {
    let unit = lane + k * ${lanes}u;
    let at = row * units + unit;
    ${guarded}
  }`;
    },
  };
}

const nameOf = (pass: string, { name, width, drop, software, storage }: NormRows): string =>
  `${name}-${pass}-${width}-${drop}-${software ? 'barrier-free' : 'workgroup'}${storageSuffix(storage)}`;

/**
 * y = LN(row) of every row. Buffers: the row's, weight, bias, key (with dropout), y, s (where it is kept); uniforms: rows,
 * epsilon, and those of dropout.
 */
export function normForward(rows: NormRows): Program {
  const { width, drop, software, storage } = rows;
  const unit = unitOf(width);
  const cell = cellOf(unit, storage);
  // The norm is that of the rows as they are kept; in an output of halves alone they would be too coarse.
  const read = rows.kept ? loaded(stored(rows.row, storage), storage) : rows.row;
  const out = rows.kept ? 's[at]' : 'y[at]';
  const again = !rows.kept && storage === 'float16';
  const held = !software ? 'held[k]' : again ? `(${rows.row})` : loaded(out, storage);
  const hold = !software ? 'held[k] = value;' : again ? '' : `${out} = ${stored('value', storage)};`;
  const keep = rows.kept && !software ? `if (place < uniforms.rows) { s[at] = ${stored('value', storage)}; }` : '';
  const written = `((${held} - mean) * rstd) * weight[unit] + bias[unit]`;
  const write = `y[at] = ${stored(drop === 'result' ? `dropped(${written}, at)` : written, storage)};`;
  return {
    name: nameOf('forward', rows),
    buffers: {
      ...rows.buffers(unit),
      weight: `read ${unit}`,
      bias: `read ${unit}`,
      ...(drop && dropBuffers),
      y: `write ${cell}`,
      ...(rows.kept && { s: `write ${cell}` }),
    },
    uniforms: { rows: 'u32', epsilon: 'f32', ...(drop && dropUniforms) },
    get code() {
      const { functions, entry, each } = lanesWgsl(rows);
      return `${functions}
${entry}
  ${software ? 'if (place >= uniforms.rows) { return; }' : 'var held : array<Unit, own>;'}
  let row = min(place, uniforms.rows - 1u);
  var sum = Unit(0.0);
  ${each(`let value = ${read}; ${hold} sum += value; ${keep}`)}
  let mean = reduce(vec2f(total(sum), 0.0), local).x / width;
  sum = Unit(0.0);
  ${each(`let deviation = ${held} - mean; sum += deviation * deviation;`)}
  let rstd = inverseSqrt(reduce(vec2f(total(sum), 0.0), local).x / width + uniforms.epsilon);
  ${each(software ? write : `if (place < uniforms.rows) { ${write} }`)}
}`;
    },
  };
}

/**
 * ds, the gradient of every row, and the sums over `depth` rows of dy · x̂ and dy. Buffers: the row's, weight, key (with
 * dropout), dy, ds, dx (with dropout in the row) and sums. Uniforms: rows, epsilon, depth, and those of dropout.
 * @param joined whether the sums follow in ds, which saves a buffer where there are many
 */
export function normBackward(rows: NormRows, joined: boolean): Program {
  const { width, drop, software, storage } = rows;
  const unit = unitOf(width);
  const cell = cellOf(unit, storage);
  const ofSums = joined ? 'float32' : storage;
  const sums = joined ? 'ds' : 'sums';
  const [weightSum, biasSum] = software
    ? [`${sums}[sums_at + unit]`, `${sums}[sums_at + units + unit]`]
    : ['weight_sums[k]', 'bias_sums[k]'];
  // One lane holds its row in ds where that has floats; else it reads the row again.
  const again = software && ofSums === 'float16';
  const place = software ? 'ds[at]' : 'held[k]';
  const held = again ? `(${rows.row})` : place;
  const normal = again ? `((${rows.row} - mean) * rstd)` : place;
  const hold = (value: string) => (again ? '' : `${place} = ${value};`);
  const dy = loaded('dy[at]', storage);
  const gradient = drop === 'result' ? `dropped(${dy}, at)` : dy;
  const write = `ds[at] = ${stored('value', ofSums)}; ${drop === 'row' ? `dx[at] = ${stored('dropped(value, at)', storage)};` : ''}`;
  const arrays = ['held', 'weighted', 'weight_sums', 'bias_sums'].map((name) => `var ${name} : array<Unit, own>;`);
  return {
    name: nameOf(joined ? 'backward-joined' : 'backward', rows),
    buffers: {
      ...rows.buffers(unit),
      weight: `read ${unit}`,
      ...(drop && dropBuffers),
      dy: `read ${cell}`,
      ds: `write ${cellOf(unit, ofSums)}`,
      ...(drop === 'row' && { dx: `write ${cell}` }),
      ...(!joined && { sums: `write ${unit}` }),
    },
    uniforms: { rows: 'u32', epsilon: 'f32', depth: 'u32', ...(drop && dropUniforms) },
    get code() {
      const { functions, entry, each } = lanesWgsl(rows);
      return `${functions}
${entry}
  let sums_at = (${joined ? 'uniforms.rows + ' : ''}2u * place) * units;
  ${software ? `if (place * uniforms.depth >= uniforms.rows) { return; }` : arrays.join(' ')}
  ${software ? `for (var unit = 0u; unit < 2u * units; unit++) { ${sums}[sums_at + unit] = Unit(0.0); }` : ''}
  for (var r = 0u; r < uniforms.depth; r++) {
    let here = place * uniforms.depth + r;
    ${software ? 'if (here >= uniforms.rows) { break; }' : 'let live = here < uniforms.rows;'}
    let row = min(here, uniforms.rows - 1u);
    var sum = Unit(0.0);
    ${each(`let value = ${rows.row}; ${hold('value')} sum += value;`)}
    let mean = reduce(vec2f(total(sum), 0.0), local).x / width;
    sum = Unit(0.0);
    ${each(`let deviation = ${held} - mean; sum += deviation * deviation;`)}
    let rstd = inverseSqrt(reduce(vec2f(total(sum), 0.0), local).x / width + uniforms.epsilon);
    sum = Unit(0.0);
    var product = Unit(0.0);
    ${each(`let normal = (${held} - mean) * rstd;
    let gradient = ${gradient};
    let g = gradient * weight[unit];
    ${hold('normal')}
    sum += g;
    product += g * normal;
    ${software ? '' : 'weighted[k] = g; if (live) {'}
    ${weightSum} += gradient * normal;
    ${biasSum} += gradient;${software ? '' : ' }'}`)}
    let means = reduce(vec2f(total(sum), total(product)), local) / width;
    ${each(`let g = ${software ? `${gradient} * weight[unit]` : 'weighted[k]'};
    let value = rstd * (g - means.x - ${normal} * means.y);
    ${software ? write : `if (live) { ${write} }`}`)}
  }
  ${
    software
      ? ''
      : `if (place * uniforms.depth >= uniforms.rows) { return; }
  let row = 0u;
  ${each(`${sums}[sums_at + unit] = weight_sums[k]; ${sums}[sums_at + units + unit] = bias_sums[k];`)}`
  }
}`;
    },
  };
}
