/** The WGSL programs of the ranking loss; see ranking-loss-webgpu.ts for the order in which they run. */
import { flatMain, type Program } from '../device/program.ts';
import type { Unit } from '../device/units.ts';
import { innerWgsl, inverseLengthWgsl, lineThreads } from './row-sums.ts';

/** The logits of a program's tile are a square of so many. */
export const logitsTile = (software: boolean): number => (software ? 4 : 16);

const interfaceOf = (unit: Unit): Pick<Program, 'buffers' | 'uniforms'> => ({
  buffers: { anchors: `read ${unit}`, candidates: `read ${unit}`, logits: 'write f32', inverse: 'write f32' },
  uniforms: { n: 'u32', m: 'u32', columns: 'u32', scale: 'f32' },
});

/** Each invocation has four anchors and four candidates in registers; no barriers. */
function logitsAlone(unit: Unit): Program {
  const four = [0, 1, 2, 3];
  return {
    name: `ranking-logits-alone-${unit}`,
    ...interfaceOf(unit),
    code: `${innerWgsl(unit)}
${inverseLengthWgsl}
fn write(row : u32, first : u32, values : vec4f) {
  if (row >= uniforms.n) { return; }
  for (var j = 0u; j < 4u && first + j < uniforms.m; j++) { logits[row * uniforms.m + first + j] = values[j]; }
}
${flatMain(64, 'tile')}
  let across = (uniforms.m + 3u) / 4u;
  let row = tile / across * 4u;
  let column = tile % across * 4u;
  if (row >= uniforms.n) { return; }
  ${four.map((r) => `var dots${r} = vec4f();`).join(' ')}
  var a_squares = vec4f();
  var c_squares = vec4f();
  ${four.map((r) => `let a_start${r} = min(row + ${r}u, uniforms.n - 1u) * uniforms.columns;`).join('\n  ')}
  ${four.map((r) => `let c_start${r} = min(column + ${r}u, uniforms.m - 1u) * uniforms.columns;`).join('\n  ')}
  for (var k = 0u; k < uniforms.columns; k++) {
    ${four.map((r) => `let a${r} = anchors[a_start${r} + k];`).join(' ')}
    ${four.map((r) => `let c${r} = candidates[c_start${r} + k];`).join(' ')}
    ${four.map((r) => `dots${r} += vec4f(${four.map((j) => `inner(a${r}, c${j})`).join(', ')});`).join('\n    ')}
    a_squares += vec4f(${four.map((r) => `inner(a${r}, a${r})`).join(', ')});
    c_squares += vec4f(${four.map((r) => `inner(c${r}, c${r})`).join(', ')});
  }
  let a_inverse = vec4f(${four.map((r) => `inverse_length(a_squares[${r}])`).join(', ')});
  let c_inverse = vec4f(${four.map((r) => `inverse_length(c_squares[${r}])`).join(', ')});
  ${four.map((r) => `write(row + ${r}u, column, uniforms.scale * a_inverse[${r}] * c_inverse * dots${r});`).join('\n  ')}
  for (var r = 0u; r < 4u; r++) {
    if (column == 0u && row + r < uniforms.n) { inverse[row + r] = a_inverse[r]; }
    if (row == 0u && column + r < uniforms.m) { inverse[uniforms.n + column + r] = c_inverse[r]; }
  }
}`,
  };
}

/** A workgroup has 16 × 16 logits; both sides go through shared memory, 16 elements of a row at a time. */
function logitsTiled(unit: Unit): Program {
  return {
    name: `ranking-logits-tiled-${unit}`,
    ...interfaceOf(unit),
    code: `${innerWgsl(unit)}
${inverseLengthWgsl}
var<workgroup> a_tile : array<${unit}, 272>; // rows of 17, so that a column lies in different banks
var<workgroup> c_tile : array<${unit}, 272>;
@compute @workgroup_size(16, 16) fn main(
  @builtin(workgroup_id) group : vec3u, @builtin(num_workgroups) groups : vec3u, @builtin(local_invocation_id) local : vec3u) {
  let across = (uniforms.m + 15u) / 16u;
  let tile = flat_group(group, groups);
  let row = tile / across * 16u;
  let column = tile % across * 16u;
  if (row >= uniforms.n) { return; }
  let a_start = min(row + local.y, uniforms.n - 1u) * uniforms.columns;
  let c_start = min(column + local.y, uniforms.m - 1u) * uniforms.columns;
  var product = 0.0;
  var a_squares = 0.0;
  var c_squares = 0.0;
  for (var first = 0u; first < uniforms.columns; first += 16u) {
    let k = first + local.x;
    workgroupBarrier();
    a_tile[local.y * 17u + local.x] = select(${unit}(), anchors[a_start + min(k, uniforms.columns - 1u)], k < uniforms.columns);
    c_tile[local.y * 17u + local.x] = select(${unit}(), candidates[c_start + min(k, uniforms.columns - 1u)], k < uniforms.columns);
    workgroupBarrier();
    for (var j = 0u; j < 16u; j++) {
      let a = a_tile[local.y * 17u + j];
      let c = c_tile[local.x * 17u + j];
      product += inner(a, c);
      a_squares += inner(a, a);
      c_squares += inner(c, c);
    }
  }
  let i = row + local.y;
  let j = column + local.x;
  let a_inverse = inverse_length(a_squares);
  let c_inverse = inverse_length(c_squares);
  if (i < uniforms.n && j < uniforms.m) { logits[i * uniforms.m + j] = uniforms.scale * product * a_inverse * c_inverse; }
  if (j == 0u && i < uniforms.n) { inverse[i] = a_inverse; }
  if (i == 0u && j < uniforms.m) { inverse[uniforms.n + j] = c_inverse; }
}`,
  };
}

export const logitsProgram = (unit: Unit, software: boolean): Program => (software ? logitsAlone : logitsTiled)(unit);

/** Of each line its log Σ exp: line i < n is row i of the logits, line n + j is column j of their first n rows and columns. */
export function normalizerProgram(software: boolean): Program {
  const { name, head, reduce } = lineThreads(software);
  return {
    name: `ranking-normalizers-${name}`,
    buffers: { logits: 'read f32', normalizers: 'write f32' },
    uniforms: { n: 'u32', m: 'u32', lines: 'u32' },
    code: `${head}
  if (line >= uniforms.lines) { return; }
  let is_row = line < uniforms.n;
  let start = select(line - uniforms.n, line * uniforms.m, is_row);
  let stride = select(uniforms.m, 1u, is_row);
  let count = select(uniforms.n, uniforms.m, is_row);
  var highest = logits[start];
  for (var k = lane; k < count; k += lanes) { highest = max(highest, logits[start + k * stride]); }
  ${reduce('highest', (a, b) => `max(${a}, ${b})`)}
  var sum = 0.0;
  for (var k = lane; k < count; k += lanes) { sum += exp(logits[start + k * stride] - highest); }
  ${reduce('sum', (a, b) => `${a} + ${b}`)}
  if (lane == 0u) { normalizers[line] = highest + log(sum); }
}`,
  };
}

/** Mean over the lines of normalizer less own logit. */
export function meanProgram(software: boolean): Program {
  const { name, head, reduce } = lineThreads(software);
  return {
    name: `ranking-mean-${name}`,
    buffers: { logits: 'read f32', normalizers: 'read f32', loss: 'write f32' },
    uniforms: { n: 'u32', m: 'u32', lines: 'u32' },
    code: `${head}
  if (line > 0u) { return; }
  var sum = 0.0;
  for (var k = lane; k < uniforms.lines; k += lanes) {
    sum += normalizers[k] - logits[k % uniforms.n * (uniforms.m + 1u)];
  }
  ${reduce('sum', (a, b) => `${a} + ${b}`)}
  if (lane == 0u) { loss[0] = sum / f32(uniforms.lines); }
}`,
  };
}

/** dL/dcosine, dy · scale / lines · (p of the row − own, and the same of the column). */
export const slopesProgram: Program = {
  name: 'ranking-slopes',
  buffers: { dy: 'read f32', logits: 'read f32', normalizers: 'read f32', slopes: 'write f32' },
  uniforms: { n: 'u32', m: 'u32', lines: 'u32', scale: 'f32' },
  code: `${flatMain(64, 'index')}
  let i = index / uniforms.m;
  let j = index % uniforms.m;
  if (i >= uniforms.n) { return; }
  let own = select(0.0, 1.0, i == j);
  var slope = exp(logits[index] - normalizers[i]) - own;
  if (uniforms.lines > uniforms.n && j < uniforms.n) { slope += exp(logits[index] - normalizers[uniforms.n + j]) - own; }
  slopes[index] = slope * dy[0] * uniforms.scale / f32(uniforms.lines);
}`,
};

/** The gradient of one side, `rows` rows and one column element an invocation; strides say how it lies in the slopes. */
export function gradientProgram(unit: Unit, rows: 1 | 4): Program {
  const all = Array.from({ length: rows }, (_, r) => r);
  return {
    name: `ranking-gradient-${unit}-${rows}`,
    buffers: {
      own: `read ${unit}`,
      other: `read ${unit}`,
      inverse: 'read f32',
      slopes: 'read f32',
      logits: 'read f32',
      gradient: `write ${unit}`,
    },
    uniforms: {
      rows: 'u32',
      others: 'u32',
      columns: 'u32',
      own_first: 'u32',
      other_first: 'u32',
      own_stride: 'u32',
      other_stride: 'u32',
      scale: 'f32',
    },
    code: `${flatMain(64, 'index')}
  let row = index / uniforms.columns * ${rows}u;
  let column = index % uniforms.columns;
  if (row >= uniforms.rows) { return; }
  ${all.map((r) => `let row${r} = min(row + ${r}u, uniforms.rows - 1u);`).join(' ')}
  ${all.map((r) => `var sum${r} = ${unit}(); var along${r} = 0.0;`).join(' ')}
  for (var k = 0u; k < uniforms.others; k++) {
    let x = other[k * uniforms.columns + column] * inverse[uniforms.other_first + k];
    ${all
      .map(
        (r) => `let at${r} = row${r} * uniforms.own_stride + k * uniforms.other_stride; let slope${r} = slopes[at${r}];
    sum${r} += slope${r} * x; along${r} += slope${r} * logits[at${r}];`,
      )
      .join('\n    ')}
  }
  ${all
    .map(
      (r) => `if (row + ${r}u < uniforms.rows) {
    let length${r} = inverse[uniforms.own_first + row${r}];
    let at = row${r} * uniforms.columns + column;
    gradient[at] = length${r} * (sum${r} - along${r} / uniforms.scale * length${r} * own[at]);
  }`,
    )
    .join('\n  ')}
}`,
  };
}
