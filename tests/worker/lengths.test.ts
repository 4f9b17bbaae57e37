import { expect, test } from 'vitest';
import type { Tokenizer } from '../../src/data/tokenizer.ts';
import { measureLengths } from '../../src/worker/lengths.ts';

/** A token a character. */
const tokenizer: Tokenizer = {
  vocabulary: [],
  encode: (text) => ({ ids: new Int32Array(text.length), types: new Int32Array(text.length) }),
};

test('lengths are counted in bins of four, with what the cut takes', () => {
  const lengths = measureLengths(
    [
      ['a', 'abcd'],
      ['abcdefgh', 'abcde'],
    ],
    tokenizer,
    5,
  );
  expect(lengths).toEqual({ width: 4, counts: [1, 2, 1], sampled: 4, median: 5, longest: 8, truncatedShare: 0.25 });
});

test('large data is sampled from its beginning to its end', () => {
  const examples = Array.from({ length: 10_000 }, (_, i) => [
    'x'.repeat(i < 5000 ? 2 : 10),
    'x'.repeat(i < 5000 ? 2 : 10),
  ]);
  const { sampled, counts } = measureLengths(examples, tokenizer, 64);
  expect(sampled).toBe(2000);
  expect(counts).toEqual([1000, 0, 1000]);
});

test('without a model there is nothing to measure', () => {
  expect(measureLengths([['a']], null, 8)).toMatchObject({ sampled: 0, counts: [], longest: 0, truncatedShare: 0 });
});
