/**
 * Cuts a text where the cut cannot change a token, so that the pieces can be tokenised one by one and remembered: of a
 * million sentences most words have been met before.
 */

const space = 0x20;

/** Chinese characters that BertNormalizer puts spaces around: each is a piece by itself. */
const isChinese = (code: number) => (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf);

const isPrintableAscii = (code: number) => code > space && code < 0x7f;

const isAlphanumeric = (code: number) =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);

/**
 * For WordPiece behind BertNormalizer and BertPreTokenizer, which part words at spaces and around Chinese characters; ASCII
 * words also at each mark. A run with anything else in it stays whole: there lower-casing and accents look at the
 * neighbours (a final Σ, NFD).
 * @param take gets each piece in order, until it returns false; the tokens of the text are those of its pieces
 */
export function cutForBert(text: string, take: (piece: string) => boolean): void {
  const { length } = text;
  let at = 0;
  while (at < length) {
    const start = at;
    const first = text.charCodeAt(at++);
    if (first === space) continue;
    if (isChinese(first)) {
      if (!take(text.charAt(start))) return;
      continue;
    }
    let ascii = isPrintableAscii(first);
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code === space || isChinese(code)) break;
      ascii &&= isPrintableAscii(code);
    }
    if (!(ascii ? cutAscii(text, start, at, take) : take(text.slice(start, at)))) return;
  }
}

/** Alphanumeric runs, and every mark by itself, from `start` (included) to `end` (excluded). */
function cutAscii(text: string, start: number, end: number, take: (piece: string) => boolean): boolean {
  let at = start;
  while (at < end) {
    const from = at;
    while (at < end && isAlphanumeric(text.charCodeAt(at))) at++;
    if (at === from) at++;
    if (!take(text.slice(from, at))) return false;
  }
  return true;
}

/** GPT-2's words, as the pre-tokenizer of the library has them. */
const bytePattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/**
 * For byte-level BPE without a normaliser: GPT-2's words, each with the space before it.
 * @param prefix whether the first word is taken as if a space stood before it
 * @param take as above
 */
export function cutForBytes(text: string, prefix: boolean, take: (piece: string) => boolean): void {
  const read = prefix && text && !text.startsWith(' ') ? ` ${text}` : text;
  for (const piece of read.match(bytePattern) ?? []) if (!take(piece)) return;
}
