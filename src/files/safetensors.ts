/**
 * The safetensors format (https://huggingface.co/docs/safetensors): 8 bytes header length, little-endian; a JSON header
 * `{name: {dtype, shape, data_offsets}}`; the tensors' bytes. Reading trusts nothing, refuses what the reference
 * implementation refuses, and up-casts to float32; writing gives F32 with `format: pt`, which transformers asks for.
 */
import * as v from 'valibot';
import { fail, type Text } from '../contract/problems.ts';
import type { HostTensor } from '../model/parameters.ts';
import { repeatedKey } from './repeated-key.ts';
import { type FloatType, floatBytes, upcast } from './upcast.ts';

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.object({ dtype: v.string(), shape: v.array(whole), data_offsets: v.tuple([whole, whole]) });
type Entry = v.InferOutput<typeof entrySchema>;

/** Kinds that checkpoints hold beside weights (position ids, masks), with their bytes; they are passed over. */
const passedOver = { I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 };
const widths = new Map(Object.entries({ ...floatBytes, ...passedOver }));

const isFloat = (dtype: string): dtype is FloatType => Object.hasOwn(floatBytes, dtype);

/** Headers larger than this are refused, as the reference implementation does. */
const maxHeader = 100_000_000;

/** The header as an object, or null where it is none. */
function parseHeader(bytes: Uint8Array): { text: string; header: object } | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const header: unknown = JSON.parse(text);
    return typeof header === 'object' && header !== null && !Array.isArray(header) ? { text, header } : null;
  } catch {
    return null;
  }
}

function readHeader(bytes: Uint8Array, file: string): { header: object; start: number } {
  const broken = (en: string, zh: string) => fail('tensors-broken', { file, reason: { en, zh } });
  if (bytes.length < 8) broken(`it has only ${bytes.length} bytes`, `只有 ${bytes.length} 字节`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > maxHeader) broken('it does not begin like a safetensors file', '开头不像 safetensors 文件');
  const start = 8 + length;
  if (start > bytes.length) broken('it ends within its header', '在文件头内就结束了');
  const { text, header } = parseHeader(bytes.subarray(8, start)) ?? broken('its header is not JSON', '文件头不是 JSON');
  const tensor = repeatedKey(text);
  if (tensor !== null) {
    fail('tensor-broken', { tensor, file, reason: { en: 'the header names it twice', zh: '文件头里出现了两次' } });
  }
  return { header, start };
}

/** The entry of a tensor, after every check that needs this one only. */
function checkEntry(tensor: string, entry: unknown, dataBytes: number, file: string): Entry {
  const broken = (en: string, zh: string) => fail('tensor-broken', { tensor, file, reason: { en, zh } });
  const parsed = v.safeParse(entrySchema, entry);
  if (!parsed.success) return broken('its header entry is not complete', '文件头里的条目不完整');
  const { dtype, shape, data_offsets } = parsed.output;
  const [from, to] = data_offsets;
  const known = [...widths.keys()].join(', ');
  const width =
    widths.get(dtype) ?? broken(`its type ${dtype} is not one of ${known}`, `类型 ${dtype} 不属于 ${known}`);
  if (to > dataBytes) {
    broken(
      'it lies beyond the end of the file, which is cut off or was not loaded whole',
      '它超出了文件末尾：文件不完整',
    );
  }
  if (to < from) broken('it ends before it begins', '结束位置在开始位置之前');
  const size = shape.reduce((product, n) => product * n, 1);
  if (to - from !== size * width) {
    const kind = `${dtype} [${shape.join(', ')}]`;
    broken(`${to - from} bytes do not fit ${kind}`, `${to - from} 字节与 ${kind} 不符`);
  }
  return parsed.output;
}

/** Tensors must lie one after the other and fill the file: what lies between or behind them is nobody's. */
function checkPlaces(entries: readonly (Entry & { name: string })[], dataBytes: number, file: string): void {
  let end = 0;
  for (const { name, data_offsets } of entries) {
    const [from, to] = data_offsets;
    const broken = (reason: Text) => fail('tensor-broken', { tensor: name, file, reason });
    if (from < end) broken({ en: 'it overlaps the tensor before it', zh: '与前一个张量重叠' });
    if (from > end)
      broken({
        en: `${from - end} bytes before it belong to no tensor`,
        zh: `之前有 ${from - end} 字节不属于任何张量`,
      });
    end = to;
  }
  const rest = dataBytes - end;
  if (rest > 0) {
    const reason = { en: `${rest} bytes at its end belong to no tensor`, zh: `末尾有 ${rest} 字节不属于任何张量` };
    fail('tensors-broken', { file, reason });
  }
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
    .sort((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  checkPlaces(entries, data.length, file);
  const tensors = new Map<string, HostTensor>();
  for (const { name, dtype, shape, data_offsets } of entries) {
    if (isFloat(dtype)) tensors.set(name, { shape, data: upcast(dtype, data.subarray(...data_offsets)) });
  }
  return tensors;
}

/** Tensors as F32, in the order of the map, in pieces: the header, then each tensor's bytes. */
export function* safetensorsPieces(tensors: ReadonlyMap<string, HostTensor>): Generator<Uint8Array> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const head = new Uint8Array(8 + padded).fill(0x20, 8 + text.length);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(text, 8);
  yield head;
  for (const { data } of tensors.values()) yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** {@link safetensorsPieces} in one. */
export function writeSafetensors(tensors: ReadonlyMap<string, HostTensor>): Uint8Array<ArrayBuffer> {
  const pieces = [...safetensorsPieces(tensors)];
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
