import { expect, test } from 'vitest';
import type { Tokenizer } from '../../src/data/tokenizer.ts';
import { measureLengths as measure } from '../../src/worker/lengths.ts';
import { columnsOf, type ListedExample } from '../support/examples.ts';

/** A token a character. */
const tokenizer: Tokenizer = {
  vocabulary: [],
  unknown: 0,
  frame: { before: 0, after: 0 },
  encode: (text, _, partner = '') => ({
    ids: new Int32Array(text.length + partner.length),
    types: new Int32Array(text.length + partner.length),
  }),
};

const measureLengths = (examples: ListedExample[], ...rest: [Tokenizer | null, Parameters<typeof measure>[2]]) =>
  measure(columnsOf(examples), ...rest);

const example = (...texts: string[]) => ({ texts, target: 0 });
const options = { objective: 'mnrl', maxLength: 5 } as const;

test('lengths are counted in bins of four, with what the cut takes', () => {
  const lengths = measureLengths([example('a', 'abcd'), example('abcdefgh', 'abcde')], tokenizer, options);
  expect(lengths).toEqual({ width: 4, counts: [1, 2, 1], sampled: 4, median: 5, longest: 8, truncatedShare: 0.25 });
});

test('large data is sampled from its beginning to its end', () => {
  const examples = Array.from({ length: 10_000 }, (_, i) =>
    example('x'.repeat(i < 5000 ? 2 : 10), 'x'.repeat(i < 5000 ? 2 : 10)),
  );
  const { sampled, counts } = measureLengths(examples, tokenizer, options);
  expect(sampled).toBe(2000);
  expect(counts).toEqual([1000, 0, 1000]);
});

test('without a model there is nothing to measure', () => {
  expect(measureLengths([example('a')], null, options)).toMatchObject({
    sampled: 0,
    counts: [],
    longest: 0,
    truncatedShare: 0,
  });
});

test('a cross-encoder reads both texts as one', () => {
  const { counts, sampled } = measureLengths([example('abc', 'abcde')], tokenizer, {
    ...options,
    objective: 'cross-encoder',
  });
  expect({ counts, sampled }).toEqual({ counts: [0, 0, 1], sampled: 1 });
});
