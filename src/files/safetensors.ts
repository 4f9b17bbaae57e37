/**
 * The safetensors format (https://huggingface.co/docs/safetensors): 8 bytes header length, little-endian; a JSON header
 * `{name: {dtype, shape, data_offsets}}`; the tensors' bytes. Reading trusts nothing and up-casts to float32; writing
 * gives F32 with `format: pt`, which transformers asks for.
 */
import * as v from 'valibot';
import { fail } from '../contract/problems.ts';
import type { HostTensor } from '../model/parameters.ts';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const entrySchema = v.object({ dtype: v.string(), shape: v.array(whole), data_offsets: v.tuple([whole, whole]) });
type Entry = v.InferOutput<typeof entrySchema>;

const floatBytes: Record<string, number> = { F16: 2, BF16: 2, F32: 4, F64: 8 };

/** Kinds that checkpoints hold beside weights (position ids, masks); they are passed over. */
const passedOver = new Set(['I64', 'I32', 'I16', 'I8', 'U64', 'U32', 'U16', 'U8', 'BOOL']);

/** Headers larger than this are refused, as the reference implementation does. */
const maxHeader = 100_000_000;

/** Bits of a half to its value: sign, 5 bits exponent, 10 bits fraction. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The float32 values in `bytes`; the file is little-endian, as every platform with WebGPU is. */
function upcast(dtype: string, bytes: Uint8Array): Float32Array {
  const copy = bytes.slice().buffer; // aligned
  if (dtype === 'F32') return new Float32Array(copy);
  if (dtype === 'F64') return Float32Array.from(new Float64Array(copy));
  const bits = new Uint16Array(copy);
  if (dtype === 'F16') {
    const values = new Float32Array(bits.length);
    for (let i = 0; i < bits.length; i++) values[i] = halfToFloat(bits[i]!);
    return values;
  }
  const wide = Uint32Array.from(bits, (half) => half << 16); // BF16 is the upper half of a float32
  return new Float32Array(wide.buffer);
}

function readHeader(bytes: Uint8Array, file: string): { header: Record<string, unknown>; start: number } {
  const broken = (reason: string) => fail('tensors-broken', { file, reason });
  if (bytes.length < 8) broken(`it has only ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > maxHeader) broken('it does not begin like a safetensors file');
  if (8 + length > bytes.length) broken('it ends within its header');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length));
    const header: unknown = JSON.parse(text);
    if (typeof header !== 'object' || header === null || Array.isArray(header)) throw new Error('not an object');
    return { header: header as Record<string, unknown>, start: 8 + length };
  } catch {
    return broken('its header is not JSON');
  }
}

/** The entry of a tensor, after every check that needs this one only. */
function checkEntry(tensor: string, entry: unknown, dataBytes: number, file: string): Entry {
  const broken = (reason: string) => fail('tensor-broken', { tensor, file, reason });
  const parsed = v.safeParse(entrySchema, entry);
  if (!parsed.success) return broken('its header entry is not complete');
  const { dtype, shape, data_offsets } = parsed.output;
  const [from, to] = data_offsets;
  if (to > dataBytes) broken(`it lies beyond the end of the file, which is cut off or was not loaded whole`);
  const width = floatBytes[dtype];
  const size = shape.reduce((product, n) => product * n, 1);
  if (width && to - from !== size * width) broken(`${to - from} bytes do not fit ${dtype} [${shape.join(', ')}]`);
  if (to < from) broken('it ends before it begins');
  if (!width && !passedOver.has(dtype)) broken(`its type ${dtype} is not one of ${Object.keys(floatBytes).join(', ')}`);
  return parsed.output;
}

/**
 * Reads every floating-point tensor; integer tensors, as the position ids of old checkpoints, are passed over.
 * @param file what the user calls the file, for the sentences
 * @throws ProblemError that names the tensor
 */
export function readSafetensors(bytes: Uint8Array, file: string): Map<string, HostTensor> {
  const { header, start } = readHeader(bytes, file);
  const data = bytes.subarray(start);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => ({ name, ...checkEntry(name, entry, data.length, file) }))
    .sort((a, b) => a.data_offsets[0] - b.data_offsets[0]);
  let end = 0;
  const tensors = new Map<string, HostTensor>();
  for (const { name, dtype, shape, data_offsets } of entries) {
    if (data_offsets[0] < end)
      fail('tensor-broken', { tensor: name, file, reason: 'it overlaps the tensor before it' });
    end = data_offsets[1];
    if (floatBytes[dtype]) tensors.set(name, { shape, data: upcast(dtype, data.subarray(...data_offsets)) });
  }
  return tensors;
}

/** Writes tensors as F32, in the order of the map. */
export function writeSafetensors(tensors: ReadonlyMap<string, HostTensor>): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json);
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, 8);
  bytes.fill(0x20, 8 + text.length, 8 + padded);
  let at = 8 + padded;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
