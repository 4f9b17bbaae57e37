import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTokenCache, padBatch } from '../../src/data/token-batch.ts';
import { createTokenizer, wordPieceTokenizerJson } from '../../src/data/tokenizer.ts';
import { expectGoldenIds } from '../support/token-ids.ts';

const preset = (file: string) =>
  readFileSync(new URL(`../../public/presets/embedsmith-tiny/${file}`, import.meta.url), 'utf8');
const config = JSON.parse(preset('tokenizer_config.json'));

test('the preset gives the token ids of the Rust library', () => {
  expectGoldenIds(createTokenizer(JSON.parse(preset('tokenizer.json')), config), 'embedsmith-tiny');
});

test('its vocab.txt alone gives the same ids', () => {
  expectGoldenIds(createTokenizer(wordPieceTokenizerJson(preset('vocab.txt'), true), config), 'embedsmith-tiny');
});

test('a batch is padded to its longest row and keeps the real lengths', () => {
  const batch = padBatch([Int32Array.of(2, 7, 3), Int32Array.of(2, 3)]);
  expect(batch).toEqual({
    rows: 2,
    tokens: 3,
    ids: Int32Array.of(2, 7, 3, 2, 3, 0),
    types: new Int32Array(6),
    lengths: Int32Array.of(3, 2),
  });
});

test('a sentence is tokenised once', () => {
  let calls = 0;
  const cache = createTokenCache(
    { vocabulary: [], encode: (text) => ({ ids: Int32Array.of(++calls, text.length), types: Int32Array.of(0, 0) }) },
    8,
  );
  expect(cache('a')).toBe(cache('a'));
  expect([...cache('bb')]).toEqual([2, 2]);
  expect(calls).toBe(2);
});
