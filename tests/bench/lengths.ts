/** How long the benchmark's sentences are: all of the given length, or as in STS-B. */
import { mix32 } from './models.ts';

export const lengthNames = ['uniform', 'stsb'] as const;
export type LengthsName = (typeof lengthNames)[number];

/**
 * Sentences of STS-B's English training file (both columns, 11,498 of them) by their number of tokens, counted once
 * with this project's tokenizer and the vocabulary of bert-base-uncased, [CLS] and [SEP] included; index = tokens.
 */
const stsbSentences = [
  0, 0, 0, 0, 0, 5, 63, 399, 826, 1451, 1427, 1189, 1107, 809, 617, 465, 374, 289, 244, 190, 179, 143, 143, 130, 147,
  130, 118, 128, 90, 93, 98, 89, 91, 67, 69, 54, 79, 46, 31, 26, 13, 14, 11, 20, 11, 6, 3, 3, 0, 1, 1, 1, 1, 1, 0, 1, 1,
  0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1,
];

/** The limit at which STS-B's lengths are taken as they are. */
const naturalLimit = 32;

/**
 * Tokens of each of `rows` sentences, 1 … `tokens`, the same at every call.
 *   uniform: all `tokens` long;
 *   stsb: the quantiles of STS-B's distribution in a fixed shuffled order, stretched by tokens / 32 and cut at `tokens`, so
 *   that a limit of 32 gives STS-B itself and one of 128 longer texts that are spread alike.
 */
export function sentenceLengths(name: LengthsName, rows: number, tokens: number): number[] {
  if (name === 'uniform') return new Array<number>(rows).fill(tokens);
  const total = stsbSentences.reduce((sum, count) => sum + count);
  const quantile = (share: number): number => {
    let seen = 0;
    return stsbSentences.findIndex((count) => {
      seen += count;
      return seen > share * total;
    });
  };
  const order = Array.from({ length: rows }, (_, row) => row).sort((a, b) => mix32(a) - mix32(b));
  return order.map((rank) => {
    const length = quantile((rank + 0.5) / rows);
    return Math.min(tokens, Math.max(1, Math.round((length * tokens) / naturalLimit)));
  });
}
