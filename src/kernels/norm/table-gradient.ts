/**
 * The gradient of an embedding table: dtable[r] += Σ dy[i] over the tokens i that read row r, a segment sum over the
 * tokens sorted by their row; rows that no token reads are not touched.
 *
 * The sorted tokens are cut into chunks. A first program sums within each chunk: rows whose tokens all lie in it are
 * done, sums of the others are kept, one for a row that comes in from the chunk before and one for a row that begins
 * here and goes on. A second program puts these together. So a row of one token and one of all tokens are equally
 * parallel, every element is written by one invocation, in a fixed order, and there are no barriers.
 */
import type * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { flatGroups, flatMain, type Program } from '../device/program.ts';
import { unitOf, unitsOf, unitWgsl } from '../device/units.ts';

/** Tokens of a chunk: so many that there are at most 256 chunks, which the second program may have to go through. */
const chunkOf = (tokens: number): number => Math.max(8, Math.ceil(tokens / 256));

const size = 64;

const uniforms: Program['uniforms'] = { tokens: 'u32', chunk: 'u32', rows_at: 'u32', order_at: 'u32' };

/** An invocation for each chunk and unit of a row; `row_at(p)` is the row of the token at place `p` of the order. */
const entry = (width: number): string => `${unitWgsl(width)}
fn token_at(p : u32) -> u32 { return u32(index[uniforms.order_at + p]); }
fn row_at(p : u32) -> u32 { return u32(index[uniforms.rows_at + token_at(p)]); }
${flatMain(size, 'flat')}
  let chunk = flat / units;
  let unit = flat % units;
  let first = chunk * uniforms.chunk;
  if (first >= uniforms.tokens) { return; }
  let end = min(first + uniforms.chunk, uniforms.tokens);`;

/** Sums within chunks; `kept` has two rows a chunk: of the row that comes in, and of the row that goes on. */
const within = (width: number): Program => ({
  name: `table-gradient-within-${width}`,
  buffers: {
    index: 'read i32',
    dy: `read ${unitOf(width)}`,
    kept: `write ${unitOf(width)}`,
    dtable: `write ${unitOf(width)}`,
  },
  uniforms,
  code: `${entry(width)}
  var row = row_at(first);
  var comes_in = false;
  if (first > 0u) { comes_in = row_at(first - 1u) == row; }
  var sum = Unit(0.0);
  for (var p = first; p < end; p++) {
    let here = row_at(p);
    if (here != row) {
      if (comes_in) { kept[2u * chunk * units + unit] = sum; } else { dtable[row * units + unit] += sum; }
      row = here;
      comes_in = false;
      sum = Unit(0.0);
    }
    sum += dy[token_at(p) * units + unit];
  }
  var goes_on = false;
  if (end < uniforms.tokens) { goes_on = row_at(end) == row; }
  if (comes_in) { kept[2u * chunk * units + unit] = sum; }
  else if (goes_on) { kept[(2u * chunk + 1u) * units + unit] = sum; }
  else { dtable[row * units + unit] += sum; }
}`,
});

/** Puts the sums of a row together where it begins, in the first of its chunks. */
const across = (width: number): Program => ({
  name: `table-gradient-across-${width}`,
  buffers: { index: 'read i32', kept: `read ${unitOf(width)}`, dtable: `write ${unitOf(width)}` },
  uniforms,
  code: `${entry(width)}
  if (end >= uniforms.tokens) { return; }
  let row = row_at(end - 1u);
  if (row_at(end) != row) { return; }
  if (first > 0u && row_at(first) == row) {
    if (row_at(first - 1u) == row) { return; }
  }
  var last = chunk + 1u; // the last chunk that the row comes into, by bisection
  var beyond = (uniforms.tokens + uniforms.chunk - 1u) / uniforms.chunk;
  while (beyond - last > 1u) {
    let middle = (last + beyond) / 2u;
    if (row_at(middle * uniforms.chunk) == row) { last = middle; } else { beyond = middle; }
  }
  var sum = kept[(2u * chunk + 1u) * units + unit];
  for (var next = chunk + 1u; next <= last; next++) { sum += kept[2u * next * units + unit]; }
  dtable[row * units + unit] += sum;
}`,
});

/**
 * Adds to the gradient of table number `which`.
 * @param table `[rows, width]`
 * @param dy `[tokens, width]` or longer
 * @param index int32 `[2 · tables, tokens]` of `indexTokens`
 * @returns the gradient
 */
export function addTableGradient(
  gpu: Dispatcher,
  which: number,
  table: tf.TensorInfo,
  dy: tf.TensorInfo,
  index: tf.TensorInfo,
): tf.TensorInfo {
  const width = table.shape[1]!;
  const [lists, tokens] = index.shape as [number, number];
  const chunk = chunkOf(tokens);
  const chunks = Math.ceil(tokens / chunk);
  const kept = gpu.create([2 * chunks, width]);
  const dtable = gpu.gradientOf(table);
  const values = { tokens, chunk, rows_at: which * tokens, order_at: (lists / 2 + which) * tokens };
  const groups = flatGroups(size, chunks * unitsOf(width));
  gpu.run(within(width), { index, dy, kept, dtable }, values, groups);
  gpu.run(across(width), { index, kept, dtable }, values, groups);
  gpu.backend.disposeData(kept.dataId);
  return dtable;
}
