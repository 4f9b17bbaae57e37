/** The token store must give back the very rows that the tokenizer gives, by number, over the borders of chunks. */
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import type { TrainingExamples } from '../../src/data/example-columns.ts';
import { chunkRows, countRows, createTokenStore, cutChunk, tokenizeChunk } from '../../src/data/token-store.ts';
import { loadModel } from '../../src/files/load-model.ts';
import { columnsOf } from '../support/examples.ts';

const { files, name } = readModel('embedsmith-tiny');
const { tokenizer } = loadModel(files, name);

const examples = columnsOf(
  Array.from({ length: 10_000 }, (_, i) => ({
    texts: [`the cat has ${i} kittens`, `${'a dog barks '.repeat(i % 9)}${i % 700}`],
    target: 0,
  })),
);

function storeOf(all: TrainingExamples, packed: boolean, maxLength: number) {
  const count = Math.ceil(countRows(all, packed) / chunkRows);
  const chunks = Array.from({ length: count }, (_, i) => tokenizeChunk(tokenizer, cutChunk(all, packed, i), maxLength));
  return { chunks, store: createTokenStore(chunks) };
}

test('rows of texts by their numbers, each different text once', () => {
  const { chunks, store } = storeOf(examples, false, 24);
  const rows = countRows(examples, false);
  expect(rows).toBe(new Set(examples.texts).size);
  expect(rows).toBeLessThan(2 * examples.count);
  expect(chunks.map(({ offsets }) => offsets.length - 1)).toEqual([chunkRows, rows - chunkRows]);
  let longest = 0;
  for (const [i, text] of examples.texts.entries()) {
    const row = store.row(i);
    expect(row).toEqual(tokenizer.encode(text, 24));
    longest = Math.max(longest, row.ids.length);
  }
  expect(longest).toBe(24);
});

test('packed rows by the numbers of examples, with their types', () => {
  const { store } = storeOf(examples, true, 20);
  for (let i = 0; i < examples.count; i += 7) {
    const [first, second] = [`the cat has ${i} kittens`, `${'a dog barks '.repeat(i % 9)}${i % 700}`];
    expect(store.row(i)).toEqual(tokenizer.encode(first, 20, second));
    expect(new Set(store.row(i).types)).toEqual(new Set([0, 1]));
  }
});

test('rows share the memory of their chunk', () => {
  const { chunks, store } = storeOf(examples, false, 24);
  expect(store.row(5).ids.buffer).toBe(chunks[0]!.ids.buffer);
  expect(store.row(chunkRows + 5).ids.buffer).toBe(chunks[1]!.ids.buffer);
  expect(chunks[0]!.types).toBeNull();
});
