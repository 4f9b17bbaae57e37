/** How the tokenizer cuts a text: every token with its id, and what of it the model never sees. */
import type { TokenPiece, TokenView } from '../../contract/trials.ts';
import type { Tokenizer } from '../../data/tokenizer.ts';
import { readBytes, writesBytes } from './byte-pieces.ts';

/** More than anybody reads; a text of this many tokens is shown up to here. */
const mostTokens = 2000;

/** Words, signs and Han characters one by one, as BERT's tokenizers part them; or what stands between spaces, as others do. */
const partings = [/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+|\S/gu, /\S+/gu];

/**
 * For each of the text's own ids the word it comes from, where the words one by one give the same ids as the whole text; null
 * where they do not.
 */
function traceWords(
  text: string,
  words: RegExp,
  own: Int32Array,
  idsOf: (word: string) => Int32Array,
): string[] | null {
  const sources: string[] = [];
  for (const [word] of text.matchAll(words)) {
    for (const id of idsOf(word)) {
      if (own[sources.length] !== id) return null;
      sources.push(word);
      if (sources.length === own.length) return sources;
    }
  }
  return sources.length === own.length ? sources : null;
}

/** @param maxLength tokens that the model reads, special ones included */
export function viewTokens(
  { encode, frame, unknown, vocabulary }: Tokenizer,
  text: string,
  maxLength: number,
): TokenView {
  const idsOf = (part: string) => {
    const { ids } = encode(part, mostTokens);
    return ids.subarray(frame.before, ids.length - frame.after);
  };
  const { ids } = encode(text, mostTokens);
  const own = idsOf(text);
  const sources = own.includes(unknown)
    ? partings.map((words) => traceWords(text, words, own, idsOf)).find((found) => found !== null)
    : null;
  const bytes = writesBytes(new Set(vocabulary));
  const room = Math.max(0, maxLength - frame.before - frame.after);
  const pieces = Array.from(ids, (id, i): TokenPiece => {
    const place = i - frame.before;
    const special = place < 0 || place >= own.length;
    const kind = special ? 'special' : id === unknown ? 'unknown' : 'known';
    return {
      id,
      piece: vocabulary[id] ?? '',
      kind,
      cut: !special && place >= room,
      source: kind === 'unknown' ? (sources?.[place] ?? null) : bytes ? readBytes(vocabulary[id] ?? '') : null,
    };
  });
  return { pieces, maxLength };
}
