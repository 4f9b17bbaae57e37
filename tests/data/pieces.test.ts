/** Texts cut into remembered pieces must give the very tokens that the library gives for the whole, whatever is in them. */
import { readFileSync } from 'node:fs';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { expect, test } from 'vitest';
import { cutForBert, cutForBytes } from '../../src/data/pieces.ts';
import { drawIndex, seedRandom } from '../../src/data/shuffle.ts';
import { createTokenizer } from '../../src/data/tokenizer.ts';
import { byteLevelTokenizerJson, wordPieceTokenizerJson } from '../../src/data/tokenizer-json.ts';

const vocabTxt = readFileSync(new URL('../../public/presets/embedsmith-tiny/vocab.txt', import.meta.url), 'utf8');

/** What normalisers and pre-tokenisers treat in their own way, beside plain words. */
const parts = [
  ...['the', 'Cat', 'running', 'x1', '42', ' ', ' ', ' ', '  ', '.', ',', "'s", "'", '-', '[', '[MASK]', '#', '$', '`'],
  ...['ΟΔΟΣ', 'Σ', 'É', 'e\u0301', '\u0301', '\u0338', 'ﬁ', 'İ', 'ß', 'Ω', 'ж', 'ñ', '½', '²', '١'],
  ...['中', '国', '，', '。', '？', '《', '豈', '\u{20000}', '日本語カナ', '한국', '\u1100', '\u1161'],
  ...['\t', '\n', '\u00a0', '\u3000', '\u200b', '\u200d', '\ufeff', '\u0000', '\u0085', '\ufffd', '\u00ad', '\ue000'],
  ...['😀', '👨‍👩‍👧', '\ud800', '\udc00', '™', '—', '“', '”', '…', '®', 'ſ', 'a'.repeat(101)],
];

const random = seedRandom(11);
const draw = () => Array.from({ length: drawIndex(random, 12) }, () => parts[drawIndex(random, parts.length)]).join('');

/** Compares with the library on texts drawn at random, without special tokens on either side. */
function expectSameIds(json: object, count: number): void {
  const library = new Library(json, {});
  const tokenizer = createTokenizer(json, {});
  const [before] = [library.post_processor!.post_process(['x'], null, true).tokens.indexOf('x')];
  const unknown = library.token_to_id('[UNK]') ?? library.token_to_id('<unk>')!;
  let cutOff = 0;
  for (let round = 0; round < count; round++) {
    const text = draw();
    const expected = library.tokenize(text).map((token) => library.token_to_id(token) ?? unknown);
    const { ids } = tokenizer.encode(text, 100_000);
    expect([...ids.subarray(before, -1)], JSON.stringify(text)).toEqual(expected);
    const short = tokenizer.encode(text, 8).ids;
    expect([...short.subarray(before, -1)], JSON.stringify(text)).toEqual(expected.slice(0, 6));
    if (expected.length > 6) cutOff++;
  }
  expect(cutOff).toBeGreaterThan(count / 8);
}

test('WordPiece, lower-cased or not', () => {
  expectSameIds(wordPieceTokenizerJson(vocabTxt, true), 4000);
  expectSameIds(wordPieceTokenizerJson(vocabTxt, false), 2000);
});

test('byte-level BPE, with a space before the first word or not', () => {
  const bytes = new Library(byteLevelTokenizerJson({ '<s>': 0, '</s>': 1 }, '', false), {}).pre_tokenizer!;
  const alphabet = [...new Set(parts.flatMap((part) => [...(bytes.pre_tokenize_text(part, {}) as string[]).join('')]))];
  const merged = ['th', 'the', 'Ġt', 'Ġth', 'Ġthe', 'ru', 'nn', 'ĠC', 'at', "'s"];
  const tokens = ['<s>', '<pad>', '</s>', '<unk>', '<mask>', ...alphabet, ...merged];
  const vocab = Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
  const merges = "#version: 0.2\nt h\nth e\nĠ t\nĠt h\nĠth e\nr u\nn n\nĠ C\na t\n' s\n";
  for (const prefix of [false, true]) expectSameIds(byteLevelTokenizerJson(vocab, merges, prefix), 3000);
});

test('added tokens that are looked for after normalisation keep texts whole', () => {
  const json = wordPieceTokenizerJson(vocabTxt, true) as { added_tokens: object[] };
  const [first] = json.added_tokens;
  const added = { ...first, id: 1, content: 'Cat the', normalized: true, special: false };
  const tokenizer = createTokenizer({ ...json, added_tokens: [...json.added_tokens, added] }, {});
  expect(tokenizer.encode('the CAT THE the', 16).ids).toHaveLength(5);
});

test('words, marks and Chinese characters are pieces; what is not ASCII stays whole', () => {
  const pieces: string[] = [];
  cutForBert("Don't  wait—中国，ok?", (piece) => pieces.push(piece) > 0);
  expect(pieces).toEqual(['Don', "'", 't', 'wait—', '中', '国', '，ok?']);
  const some: string[] = [];
  cutForBert('one two three', (piece) => some.push(piece) < 2);
  expect(some).toEqual(['one', 'two']);
  const bytes: string[] = [];
  cutForBytes("it's  so", true, (piece) => bytes.push(piece) > 0);
  expect(bytes).toEqual([' it', "'s", ' ', ' so']);
});
