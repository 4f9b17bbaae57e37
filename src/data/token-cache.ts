/** Token rows of single texts as they are asked for; every distinct sentence, or pair, is tokenised once. */
import type { TokenRow } from './token-batch.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Token rows of a text, or of a text and its partner as one packed row; the same objects the second time. */
export type Encode = (text: string, partner?: string) => TokenRow;

/** Gives token rows, at most `maxLength` tokens long, from memory where they were asked for before. */
export function createTokenCache(tokenizer: Tokenizer, maxLength: number): Encode {
  const known = new Map<string, TokenRow>();
  return (text, partner) => {
    const key = partner === undefined ? text : `${text}\n\0${partner}`;
    const found = known.get(key);
    if (found) return found;
    const row = tokenizer.encode(text, maxLength, partner);
    known.set(key, row);
    return row;
  };
}
