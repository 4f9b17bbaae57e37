/** Tokens of byte-level vocabularies (GPT-2's, RoBERTa's), which write every byte as one printable character, as text again. */

/** The characters that stand for themselves; the other bytes, in order, are written from U+0100 on. */
const isPlain = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;

const byteOf = new Map<string, number>();
let next = 256;
for (let byte = 0; byte < 256; byte++) byteOf.set(String.fromCodePoint(isPlain(byte) ? byte : next++), byte);

/** Whether a vocabulary writes bytes: then it has the character of the space, and that of the newline. */
export function writesBytes(vocabulary: ReadonlySet<string>): boolean {
  return vocabulary.has('Ġ') && vocabulary.has('Ċ');
}

/** What a piece reads as: its text, or, of a part of a character, its bytes in hexadecimal; null where the piece says it itself. */
export function readBytes(piece: string): string | null {
  if (/^Ġ*[!-~]*$/.test(piece)) return null;
  const bytes = Array.from(piece, (character) => byteOf.get(character));
  if (bytes.includes(undefined)) return null;
  const known = Uint8Array.from(bytes.map((byte) => byte ?? 0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(known).trim() || null;
  } catch {
    return Array.from(known, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
  }
}
