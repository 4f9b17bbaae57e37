/** Bytes of a file -> text: finds the encoding, then streams the file as text whose lines end in `\n`. */
import type { TableSummary } from '../contract/data.ts';
import { fail } from '../contract/problems.ts';

export type Encoding = TableSummary['encoding'];

/** A file from the page, or anything in a test that has a name. */
export type NamedBlob = Blob & { readonly name: string };

/** First bytes of formats that people take for tables: zip and xlsx, pdf, png, jpeg, gzip, xls, parquet. */
const signatures = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x25, 0x50, 0x44, 0x46],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x1f, 0x8b],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x50, 0x41, 0x52, 0x31],
];

const headBytes = 1 << 18;

/**
 * Streams the bytes of `blob`; `name` is for the message.
 * @throws ProblemError `file-unreadable` when the file has vanished or changed.
 */
async function* readBytes(blob: Blob, name: string): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader
        .read()
        .catch((error) => fail('file-unreadable', { file: name, reason: String(error) }));
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** What a look through the whole decoded file found; `bad` are replacement characters, `wide` the other non-ASCII ones. */
type Findings = { length: number; blank: boolean; nul: boolean; controls: number; bad: number; wide: number };

/**
 * Decodes the whole file and counts. With `fatal`, null as soon as a byte does not fit the encoding.
 * The whole of it, because the first byte that is not ASCII may stand far behind any prefix.
 */
async function inspect(file: NamedBlob, encoding: Encoding, fatal: boolean): Promise<Findings | null> {
  const decoder = new TextDecoder(encoding, { fatal });
  const found: Findings = { length: 0, blank: true, nul: false, controls: 0, bad: 0, wide: 0 };
  const count = (text: string) => {
    found.length += text.length;
    if (found.blank) found.blank = !/\S/.test(text);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) code === 0xfffd ? found.bad++ : found.wide++;
      else if (code === 0) found.nul = true;
      else if (code < 0x09 || (code > 0x0d && code < 0x20)) found.controls++;
    }
  };
  const decode = (bytes?: Uint8Array) => {
    try {
      count(bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode());
      return true;
    } catch {
      return false;
    }
  };
  for await (const bytes of readBytes(file, file.name)) if (!decode(bytes)) return null;
  return decode() ? found : null;
}

/** UTF-16 without a mark: ASCII characters (line ends, tabs, digits) leave zero bytes on one side; null if there are hardly any. */
function guessUtf16(head: Uint8Array): Encoding | null {
  let little = 0;
  let big = 0;
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i + 1] === 0) little++;
    if (head[i] === 0) big++;
  }
  // U+4E00 and its like have a zero byte too, on the other side, so the greater count decides.
  if (Math.max(little, big) * 100 < head.length) return null;
  return little >= big ? 'utf-16le' : 'utf-16be';
}

/**
 * Finds the encoding of a text file by its mark, by zero bytes, and by whether the whole file is valid in it.
 * @throws ProblemError `file-empty` (nothing, or whitespace only), `file-binary`, `file-unreadable`.
 */
export async function detectEncoding(file: NamedBlob): Promise<Encoding> {
  if (file.size === 0) fail('file-empty', { file: file.name });
  const head = await readHeadBytes(file, 4096);
  if (signatures.some((signature) => signature.every((byte, i) => head[i] === byte)))
    fail('file-binary', { file: file.name });

  const accept = (encoding: Encoding, found: Findings | null): Encoding => {
    if (found?.blank && !found.nul) fail('file-empty', { file: file.name });
    if (!found || found.nul || found.controls * 100 > found.length) fail('file-binary', { file: file.name });
    return encoding;
  };

  if (head[0] === 0xff && head[1] === 0xfe) return accept('utf-16le', await inspect(file, 'utf-16le', false));
  if (head[0] === 0xfe && head[1] === 0xff) return accept('utf-16be', await inspect(file, 'utf-16be', false));
  const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  if (marked) return accept('utf-8', await inspect(file, 'utf-8', false));
  if (head.includes(0)) {
    const guess = guessUtf16(head);
    return accept(guess ?? 'utf-8', guess && (await inspect(file, guess, true)));
  }

  const valid = await inspect(file, 'utf-8', true);
  if (valid) return accept('utf-8', valid);
  // A few bad bytes, or a character cut off at the end, among many good ones: still UTF-8. Text in GB18030 is never so.
  const lossy = await inspect(file, 'utf-8', false);
  if (lossy && lossy.bad * 20 <= lossy.wide) return accept('utf-8', lossy);
  const chinese = await inspect(file, 'gb18030', false);
  return accept('gb18030', chinese && chinese.bad * 1000 <= chinese.wide ? chinese : null);
}

/** At most `limit` bytes from the beginning of the file. */
async function readHeadBytes(file: NamedBlob, limit: number): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const bytes of readBytes(file.slice(0, limit), file.name)) for (const byte of bytes) parts.push(byte);
  return Uint8Array.from(parts);
}

/** Whether lines end in a lone CR, as old Mac programs write them. In a file with LF a lone CR is part of a cell. */
const endsInCr = (head: string) => head.includes('\r') && !head.includes('\n');

/** Whole lines from the beginning of the file (up to 256 KiB, or one line if that is longer), ending in `\n`. */
export async function readHead(file: NamedBlob, encoding: Encoding): Promise<string> {
  const bytes = await readHeadBytes(file, headBytes);
  const raw = new TextDecoder(encoding).decode(bytes, { stream: true });
  const text = endsInCr(raw) ? raw.replaceAll('\r', '\n') : raw.replaceAll('\r\n', '\n');
  return file.size > headBytes && text.includes('\n') ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
}

/**
 * Streams the file as text, without byte order mark, CRLF (or lone CR, see above) turned into `\n`.
 * Neither a character nor a line end is harmed where two chunks meet.
 */
export async function* decodeText(file: NamedBlob, encoding: Encoding): AsyncGenerator<string> {
  const start = new TextDecoder(encoding).decode(await readHeadBytes(file, headBytes), { stream: true });
  const lineEnd = endsInCr(start) ? '\r' : '\r\n';
  const decoder = new TextDecoder(encoding);
  let carried = '';
  for await (const bytes of readBytes(file, file.name)) {
    let text = carried + decoder.decode(bytes, { stream: true });
    carried = '';
    if (lineEnd === '\r\n' && text.endsWith('\r')) {
      carried = '\r';
      text = text.slice(0, -1);
    }
    if (text) yield text.includes('\r') ? text.replaceAll(lineEnd, '\n') : text;
  }
  const rest = carried + decoder.decode();
  if (rest) yield rest;
}
