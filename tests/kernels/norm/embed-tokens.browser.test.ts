/** The fused embeddings against stock operations, forward and backward, in every variant. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { embedTokens, embedTokensReference } from '../../../src/kernels/norm/embed-tokens.ts';
import { indexTokens } from '../../../src/kernels/norm/index-tokens.ts';
import { stepKey } from '../../../src/kernels/random.ts';
import { expectNoFault } from '../../support/backends.ts';
import { expectAdded, expectOracle, normal, type Plain, valueAndGradients } from '../../support/gradients.ts';
import {
  currentGpu,
  programsRun,
  selectVariant,
  testOn,
  variants,
  watchPrograms,
} from '../../support/kernel-variants.ts';

const epsilon = 1e-12;

/** The operation on these rows of the tables; inputs are weight, bias and the tables. */
const op =
  (f: typeof embedTokens, rows: Int32Array[], rate = 0) =>
  (weight: tf.Tensor, bias: tf.Tensor, ...tables: tf.Tensor[]) =>
    f(
      tables as tf.Tensor2D[],
      tf.tensor2d(indexTokens(rows), [2 * rows.length, rows[0]!.length], 'int32'),
      weight as tf.Tensor1D,
      bias as tf.Tensor1D,
      epsilon,
      rate > 0 ? { rate, key: tf.tensor1d([stepKey(7, 3)], 'int32'), place: 0 } : null,
    );

const inputsOf = (width: number, tables: number[]): Plain[] => [
  normal([width], 1),
  normal([width], 2),
  ...tables.map((rows, k) => normal([rows, width], 3 + k)),
];

/** Rows of three tables that sentences of `length` tokens read: many words, positions, and one type. */
const sentences = (tokens: number, length: number, words: number): Int32Array[] => [
  Int32Array.from({ length: tokens }, (_, i) => (i % length === 0 ? words - 1 : Math.imul(i, 7919) % words)),
  Int32Array.from({ length: tokens }, (_, i) => i % length),
  new Int32Array(tokens),
];

const expectSame = (rows: Int32Array[], inputs: Plain[], rate: number) =>
  expectOracle(op(embedTokens, rows, rate), op(embedTokensReference, rows, rate), inputs, 3e-5);

describe.each(variants)('on $variant', (variant) => {
  testOn(variant);

  test.each([
    [1, 8, 0],
    [7, 7, 0.1],
    [13, 5, 0],
    [33, 128, 0.1],
    [65, 312, 0.1],
    [1030, 12, 0.1],
  ])('%i tokens of %i elements, dropout %f', async (tokens, width, rate) => {
    await expectSame(sentences(tokens, 11, 40), inputsOf(width, [40, 11, 2]), rate);
  });

  test('two tables', async () => {
    await expectSame(sentences(30, 7, 9).slice(0, 2), inputsOf(16, [9, 7]), 0.1);
  });

  test('as many rows as tokens', async () => {
    const rows = Int32Array.from({ length: 300 }, (_, i) => 299 - i);
    await expectSame([rows], inputsOf(4, [300]), 0.1);
  });

  test('many tokens, all of one row or of few', async () => {
    const tokens = variant.variant === 'webgpu workgroup' ? 2_100 : 70_000; // barriers are slow on a software adapter
    const few = Int32Array.from({ length: tokens }, (_, i) => (i >> 3) % 5);
    await expectSame([new Int32Array(tokens).fill(2), few], inputsOf(4, [3, 5]), 0.1);
  });

  // Chunks are of 8 tokens: rows that end with a chunk, begin with one, fill one, and span several.
  test.each([
    ['8, 8', [8, 8]],
    ['7, 1, 1, 7', [7, 1, 1, 7]],
    ['9, 7, 8, 3', [9, 7, 8, 3]],
    ['4, 24, 4, 40', [4, 24, 4, 40]],
    ['1, 64, 1', [1, 64, 1]],
  ])('rows of %s tokens', async (_, counts) => {
    const rows = Int32Array.from(counts.flatMap((count, row) => Array<number>(count).fill(row)));
    await expectSame([rows.toReversed(), rows], inputsOf(4, [counts.length, counts.length]), 0);
  });

  test('rows that no token reads get no gradient', async () => {
    const gradients = await valueAndGradients(op(embedTokens, [Int32Array.of(4, 0, 4, 2, 4)]), inputsOf(8, [6]));
    const table = gradients[3]!;
    for (const row of [1, 3, 5]) expect(table.slice(row * 8, row * 8 + 8)).toEqual(new Float32Array(8));
    for (const row of [0, 2, 4]) expect(table.slice(row * 8, row * 8 + 8)).not.toEqual(new Float32Array(8));
  });

  test('the same bits again', async () => {
    const embed = op(embedTokens, sentences(100, 9, 20), 0.5);
    const inputs = inputsOf(20, [20, 9, 2]);
    expect(await valueAndGradients(embed, inputs)).toEqual(await valueAndGradients(embed, inputs));
  });
});

describe.each(variants.slice(1))('on $variant', (variant) => {
  test('gradients are added to what is there, and rows that no token reads keep their bits', async () => {
    await selectVariant(variant);
    const gpu = currentGpu();
    const programs = watchPrograms(gpu);
    const rows = [Int32Array.of(4, 0, 4, 2, 4), Int32Array.of(0, 1, 2, 3, 0), new Int32Array(5)];
    const inputs = inputsOf(24, [6, 4, 2]);
    // Of weight, bias and the tables; 256 bytes are the least alignment.
    const places = { size: 640, starts: new Map([0, 64, 128, 320, 448].entries()) };
    const {
      before,
      after,
      seen: names,
    } = await expectAdded(gpu, op(embedTokens, rows, 0.1), inputs, places, (run) => programsRun(gpu, run));
    for (const row of [1, 3, 5]) {
      const unread = [128 + 24 * row, 128 + 24 * row + 24] as const;
      expect(after.slice(...unread)).toEqual(before.slice(...unread));
    }
    expect(names).toHaveLength(9); // one forward, two of the norm, two a table
    for (const name of new Set(names)) expect(programs.get(name)).toMatchSnapshot(name);
    await expectNoFault('webgpu');
  });
});
