import { expect, test } from 'vitest';
import { indexTokens } from '../../../src/kernels/norm/index-tokens.ts';

test('tokens are sorted by their row, those of one row in order', () => {
  const index = indexTokens([Int32Array.of(4, 0, 4, 2, 4), Int32Array.of(0, 1, 0, 1, 0)]);
  expect([...index]).toEqual([4, 0, 4, 2, 4, 0, 1, 0, 1, 0, 1, 3, 0, 2, 4, 0, 2, 4, 1, 3]);
});

test('agrees with a stable sort of many tokens', () => {
  const rows = Int32Array.from({ length: 3000 }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 22);
  const expected = Array.from(rows.keys()).sort((a, b) => rows[a]! - rows[b]!);
  expect([...indexTokens([rows])]).toEqual([...rows, ...expected]);
});

test('one token', () => {
  expect([...indexTokens([Int32Array.of(30_521)])]).toEqual([30_521, 0]);
});
