/**
 * How attention's WGSL programs reach the rows of tokens: query, key and value are the columns of one matrix `qkv`
 * `[tokens, 3 · hidden]`, and so are their gradients in `dqkv`; `out` and `dout` are `[tokens, hidden]`. They may be halves
 * (storage.ts); then sums stand as floats in `running`, of the result's shape, until they are complete.
 */
import { loaded, type Storage, stored } from '../device/storage.ts';

const places = {
  query: { buffer: 'qkv', of: 3, number: 0 },
  key: { buffer: 'qkv', of: 3, number: 1 },
  value: { buffer: 'qkv', of: 3, number: 2 },
  out: { buffer: 'out', of: 1, number: 0 },
  dout: { buffer: 'dout', of: 1, number: 0 },
  dquery: { buffer: 'dqkv', of: 3, number: 0 },
  dkey: { buffer: 'dqkv', of: 3, number: 1 },
  dvalue: { buffer: 'dqkv', of: 3, number: 2 },
} as const;

/** What a token has one row of in each head. */
export type Row = keyof typeof places;

const four = [0, 1, 2, 3];

/** Where the row of a token, or of each of a vec4u of tokens, begins in its buffer. */
export const at = (row: Row, token: string): string =>
  `(${token} * ${places[row].of}u + ${places[row].number}u) * width + head_start`;

/** Reads vec4 `c` of the row that begins at `place`. */
export const read = (row: Row, place: string, c: string): string => `read_${places[row].buffer}(${place}, ${c})`;

/** Where sums that are to be written to a row stand until they are complete. */
const runningOf = (row: Row, storage: Storage): string => (storage === 'float16' ? 'running' : places[row].buffer);

/** Reads vec4 `c` of an incomplete row. */
export const readRunning = (row: Row, storage: Storage, place: string, c: string): string =>
  `read_${runningOf(row, storage)}(${place}, ${c})`;

/** Writes it; `last` says whether it is complete. */
export function writeRunning(
  row: Row,
  storage: Storage,
  place: string,
  c: string,
  value: string,
  last: string,
): string {
  const complete = write(row, place, c, value);
  if (storage === 'float32') return complete;
  return `if (${last}) { ${complete} } else { write_running(${place}, ${c}, ${value}); }`;
}

/** The same of the rows that begin at the four `from`, as a mat4x4f. */
export const readFour = (row: Row, from: string, c: string): string =>
  `mat4x4f(${four.map((i) => read(row, `${from}[${i}]`, c)).join(', ')})`;

export const write = (row: Row, place: string, c: string, value: string): string =>
  `write_${places[row].buffer}(${place}, ${c}, ${value});`;

/** What an element of the buffers of rows is: four numbers where heads divide into fours. */
export const elementOf = (size: number): 'vec4f' | 'f32' => (size % 4 === 0 ? 'vec4f' : 'f32');

function readWgsl(element: string, buffer: string, storage: Storage): string {
  const parts = four.map((i) => `select(0.0, ${buffer}[at + 4u * c + ${i}u], 4u * c + ${i}u < uniforms.size)`);
  const value = element === 'vec4f' ? loaded(`${buffer}[at + c]`, storage) : `vec4f(${parts.join(', ')})`;
  return `fn read_${buffer}(at : u32, c : u32) -> vec4f { return ${value}; }`;
}

function writeWgsl(element: string, buffer: string, storage: Storage): string {
  const parts = four.map(
    (i) => `if (4u * c + ${i}u < uniforms.size) { ${buffer}[at + 4u * c + ${i}u] = value[${i}]; }`,
  );
  const body = element === 'vec4f' ? `${buffer}[at + c] = ${stored('value', storage)};` : parts.join(' ');
  return `fn write_${buffer}(at : u32, c : u32, value : vec4f) { ${body} }`;
}

/** The functions that the above calls, for these buffers and the one that is written. */
export const rowsWgsl = (element: string, buffers: readonly string[], written: string, storage: Storage): string => `
${buffers.map((buffer) => readWgsl(element, buffer, storage)).join('\n')}
${writeWgsl(element, written, storage)}${
  storage === 'float16'
    ? `\n${readWgsl(element, 'running', 'float32')}\n${writeWgsl(element, 'running', 'float32')}`
    : ''
}`;

/** In the entry point, with `head`: `chunks`, the vec4s of a head, of which the last is filled with zeros; and where rows and heads begin. */
export const startRows = (element: string): string => `
  let chunks = (uniforms.size + 3u) / 4u;
  let width = uniforms.heads * uniforms.size${element === 'vec4f' ? ' / 4u' : ''};
  let head_start = head * uniforms.size${element === 'vec4f' ? ' / 4u' : ''};`;
