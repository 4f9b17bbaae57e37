/** Real tokenizer workers in a real browser: the same ids as in one thread, progress, and stopping on the way. */
import { beforeAll, expect, test } from 'vitest';
import type { TrainingExamples } from '../../src/data/example-columns.ts';
import { chunkRows } from '../../src/data/token-store.ts';
import { createTokenizer } from '../../src/data/tokenizer.ts';
import { wordPieceTokenizerJson } from '../../src/data/tokenizer-json.ts';
import { tokenizeExamples } from '../../src/worker/tokenize.ts';
import { columnsOf } from '../support/examples.ts';

const address = new URL('/presets/embedsmith-tiny/vocab.txt', location.origin);
const maxLength = 16;
const many = columnsOf(
  Array.from({ length: 20_000 }, (_, i) => ({
    texts: [`sentence number ${i} – 第${i}句`, `the other of ${i % 999}`],
    target: 0,
  })),
);
const few = columnsOf([{ texts: ['one', 'two'], target: 0 }]);

let source: Parameters<typeof tokenizeExamples>[0];

beforeAll(async () => {
  const json = wordPieceTokenizerJson(await (await fetch(address)).text(), true);
  source = {
    tokenizer: createTokenizer(json, {}),
    tokenizerFiles: { json, config: {}, vocabulary: new Map() },
  };
});

/** Workers that were started meanwhile. */
async function countWorkers(work: () => Promise<unknown>): Promise<number> {
  const Original = globalThis.Worker;
  let count = 0;
  globalThis.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      count++;
    }
  };
  await work();
  globalThis.Worker = Original;
  return count;
}

async function tokenize(examples: TrainingExamples, packed: boolean, stop = new AbortController(), stopAt = Infinity) {
  const progress: number[] = [];
  const rows = await tokenizeExamples(source, examples, {
    maxLength,
    packed,
    onProgress: (done, total) => {
      progress.push(done);
      expect(total).toBe(packed ? examples.count : examples.texts.length);
      if (done >= stopAt) stop.abort();
    },
    stop: stop.signal,
  });
  return { rows, progress };
}

test('texts of many examples', async () => {
  let made: Awaited<ReturnType<typeof tokenize>> | null = null;
  const workers = await countWorkers(async () => {
    made = await tokenize(many, false);
  });
  expect(workers).toBe(Math.min(navigator.hardwareConcurrency, 3));
  const { rows, progress } = made as unknown as Awaited<ReturnType<typeof tokenize>>;
  expect(progress).toEqual([0, chunkRows, 2 * chunkRows, many.texts.length]);
  for (const [i, text] of many.texts.entries()) {
    if (i % 13 === 0) expect(rows!.row(i)).toEqual(source.tokenizer.encode(text, maxLength));
  }
});

test('pairs of many examples, packed', async () => {
  const { rows } = await tokenize(many, true);
  for (let i = 0; i < many.count; i += 17) {
    const expected = source.tokenizer.encode(`sentence number ${i} – 第${i}句`, maxLength, `the other of ${i % 999}`);
    expect(rows!.row(i)).toEqual(expected);
  }
});

test('few examples need no worker', async () => {
  const workers = await countWorkers(async () => {
    const { rows, progress } = await tokenize(few, false);
    expect(rows!.row(1)).toEqual(source.tokenizer.encode('two', maxLength));
    expect(progress).toEqual([0, 2]);
  });
  expect(workers).toBe(0);
});

test('stopping ends it with nothing', async () => {
  const { rows, progress } = await tokenize(many, false, new AbortController(), chunkRows);
  expect(rows).toBeNull();
  expect(progress.length).toBeLessThan(5);
  expect((await tokenize(few, false, new AbortController(), 0)).rows).toBeNull();
});

test('a tokenizer that a worker cannot read ends it with a sentence', async () => {
  const broken = { ...source, tokenizerFiles: { json: { nothing: true }, config: {}, vocabulary: new Map() } };
  const options = { maxLength, packed: false, onProgress: () => {}, stop: new AbortController().signal };
  await expect(tokenizeExamples(broken, many, options)).rejects.toThrow(/Tokenizer/);
});
