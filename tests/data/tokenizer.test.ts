import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packBatch, sliceBatch } from '../../src/data/token-batch.ts';
import { createTokenCache } from '../../src/data/token-cache.ts';
import { createTokenizer } from '../../src/data/tokenizer.ts';
import { byteLevelTokenizerJson, wordPieceTokenizerJson } from '../../src/data/tokenizer-json.ts';
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

const row = (ids: number[], types = ids.map(() => 0)) => ({ ids: Int32Array.from(ids), types: Int32Array.from(types) });

test('a batch holds its rows one after the other, and where each starts', () => {
  const batch = packBatch([row([2, 7, 3], [0, 0, 1]), row([2, 3])]);
  expect(batch).toEqual({
    rows: 2,
    tokens: 5,
    ids: Int32Array.of(2, 7, 3, 2, 3),
    types: Int32Array.of(0, 0, 1, 0, 0),
    starts: Int32Array.of(0, 3, 5),
  });
});

test('a slice of a batch is the batch of those rows', () => {
  const rows = [row([2, 7, 3], [0, 0, 1]), row([2, 3]), row([2], [1])];
  expect(sliceBatch(packBatch(rows), 1, 3)).toEqual(packBatch(rows.slice(1)));
});

test('a sentence is tokenised once', () => {
  let calls = 0;
  const cache = createTokenCache(
    {
      vocabulary: [],
      unknown: 0,
      frame: { before: 0, after: 0 },
      encode: (text) => ({ ids: Int32Array.of(++calls, text.length), types: Int32Array.of(0, 0) }),
    },
    8,
  );
  expect(cache('a')).toBe(cache('a'));
  expect([...cache('bb').ids]).toEqual([2, 2]);
  expect(cache('a', 'b')).toBe(cache('a', 'b'));
  expect(calls).toBe(3);
});

/** A tokenizer of SentencePiece's unigram kind, laid out as XLM-R's tokenizer.json. */
const unigram = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: ['<s>', '<pad>', '</s>', '<unk>'].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: { type: 'Precompiled', precompiled_charsmap: '' },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'WhitespaceSplit' },
      { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    ],
  },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '<s>', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
    ],
    pair: [
      { SpecialToken: { id: '<s>', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
    ],
    special_tokens: {
      '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] },
      '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] },
    },
  },
  decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  model: {
    type: 'Unigram',
    unk_id: 3,
    vocab: [
      ['<s>', 0],
      ['<pad>', 0],
      ['</s>', 0],
      ['<unk>', 0],
      ['▁', -3],
      ['▁he', -2],
      ['llo', -2],
      ['▁hello', -5],
      ['▁world', -4],
      ['▁wor', -1],
      ['ld', -2.5],
      ['你好', -2],
    ],
  },
};

test('a unigram tokenizer takes the pieces whose scores add up to most', () => {
  const tokenizer = createTokenizer(unigram, { unk_token: '<unk>' });
  const ids = (...texts: [string, string?]) => [...tokenizer.encode(texts[0], 16, texts[1]).ids];
  expect(ids('hello world')).toEqual([0, 5, 6, 9, 10, 2]); // −4 beats −5, −3.5 beats −4
  expect(ids('ｈｅｌｌｏ')).toEqual([0, 5, 6, 2]); // full width is normalised
  expect(ids('你好')).toEqual([0, 4, 11, 2]);
  expect(ids('he ∞')).toEqual([0, 5, 4, 3, 2]); // not in the vocabulary
  expect(ids('hello', 'world')).toEqual([0, 5, 6, 2, 2, 9, 10, 2]);
  expect([...tokenizer.encode('hello', 16, 'world').types]).toEqual(Array(8).fill(0));
});

test('a byte-level vocabulary: bytes, merges in their order, a space before each word, special tokens', () => {
  const pieces = ['<s>', '<pad>', '</s>', '<unk>', 'a', 'b', 'Ġ', 'Ã', '©', 'ab', 'Ġab', 'Ġa', 'Ã©'];
  const vocab = { ...Object.fromEntries(pieces.map((piece, id) => [piece, id])), '<mask>': 20 };
  const merges = '#version: 0.2\nĠ a\na b\nĠ ab\nÃ ©\n';
  const plain = createTokenizer(byteLevelTokenizerJson(vocab, merges, false), {});
  const ids = (text: string, pair?: string) => [...plain.encode(text, 16, pair).ids];
  expect(ids('ab')).toEqual([0, 9, 2]);
  expect(ids('ab ab')).toEqual([0, 9, 11, 5, 2]); // “Ġ a” comes before “a b”
  expect(ids('é')).toEqual([0, 12, 2]); // two bytes
  expect(ids('a', 'b')).toEqual([0, 4, 2, 2, 5, 2]);
  expect([...plain.encode('a', 16, 'b').types]).toEqual(Array(6).fill(0));
  expect(ids('a <mask>')).toEqual([0, 4, 20, 2]); // the space goes with the mask
  expect(plain.vocabulary).toHaveLength(21);
  expect([plain.vocabulary[12], plain.vocabulary[13], plain.vocabulary[20]]).toEqual(['Ã©', '', '<mask>']);
  const prefixed = createTokenizer(byteLevelTokenizerJson(vocab, merges, true), {});
  expect([...prefixed.encode('a', 16).ids]).toEqual([0, 11, 2]);
  expect(() => byteLevelTokenizerJson({ a: 0 }, merges, false)).toThrow(/no token <\/s>/);
});
