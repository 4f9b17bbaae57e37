import { describe, expect, test } from 'vitest';
import { planEpoch as planColumns } from '../../src/data/sampler.ts';
import { drawIndex, seedRandom, shuffleIndices } from '../../src/data/shuffle.ts';
import { columnsOf } from '../support/examples.ts';

type Plan = [batchSize: number, seed: number, epoch: number, distinct: boolean];
const planEpoch = (examples: readonly string[][], ...plan: Plan) =>
  planColumns(columnsOf(examples.map((texts) => ({ texts, target: 0 }))), ...plan);

const unrelated = (count: number) => Array.from({ length: count }, (_, i) => [`a${i}`, `b${i}`]);
const flatten = (batches: Int32Array[]) => batches.flatMap((batch) => [...batch]);

/** No sentence in two rows of a batch. */
function expectDistinct(examples: readonly (readonly string[])[], batches: Int32Array[]) {
  for (const batch of batches) {
    const texts = [...batch].flatMap((row) => [...new Set(examples[row])]);
    expect(new Set(texts).size).toBe(texts.length);
  }
}

/** sentence-transformers' way: fill batch after batch from the rows that are left, in order. */
function fillOneByOne(
  examples: readonly (readonly string[])[],
  order: readonly number[],
  batchSize: number,
): number[][] {
  const batches: number[][] = [];
  for (let left = [...order]; left.length; ) {
    const batch: number[] = [];
    const seen = new Set<string>();
    for (const row of left) {
      const texts = examples[row] as readonly string[];
      if (batch.length === batchSize || texts.some((text) => seen.has(text))) continue;
      batch.push(row);
      for (const text of texts) seen.add(text);
    }
    batches.push(batch);
    left = left.filter((row) => !batch.includes(row));
  }
  return batches;
}

describe.each([false, true])('distinct: %s', (distinct) => {
  test('every row comes once, in full batches and a smaller last one', () => {
    const batches = planEpoch(unrelated(103), 10, 1, 0, distinct);
    expect(batches.map(({ length }) => length)).toEqual([...Array(10).fill(10), 3]);
    expect(flatten(batches).sort((a, b) => a - b)).toEqual(Array.from({ length: 103 }, (_, i) => i));
    expect(batches[0]).toBeInstanceOf(Int32Array);
  });

  test('a batch of one row is dropped', () => {
    expect(planEpoch(unrelated(21), 10, 1, 0, distinct).map(({ length }) => length)).toEqual([10, 10]);
    expect(planEpoch(unrelated(1), 10, 1, 0, distinct)).toEqual([]);
    expect(planEpoch([], 10, 1, 0, distinct)).toEqual([]);
  });

  test('a last batch of less than a quarter of the largest is dropped, measured by what the data allows', () => {
    expect(planEpoch(unrelated(44), 20, 1, 0, distinct).map(({ length }) => length)).toEqual([20, 20]);
    expect(planEpoch(unrelated(45), 20, 1, 0, distinct).map(({ length }) => length)).toEqual([20, 20, 5]);
    expect(planEpoch(unrelated(3), 100, 1, 0, distinct).map(({ length }) => length)).toEqual([3]);
  });

  test('seed and epoch decide the order', () => {
    const plan = (seed: number, epoch: number) => flatten(planEpoch(unrelated(200), 16, seed, epoch, distinct));
    expect(plan(1, 0)).toEqual(plan(1, 0));
    const orders = [plan(1, 0), plan(1, 1), plan(1, 2), plan(2, 0), plan(2, 1), plan(0, 0)].map(String);
    expect(new Set(orders).size).toBe(6);
  });
});

test('without distinct the same sentence may come twice in a batch', () => {
  expect(
    planEpoch(
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      2,
      1,
      0,
      false,
    )[0],
  ).toHaveLength(2);
  expect(
    planEpoch(
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      2,
      1,
      0,
      true,
    ),
  ).toEqual([]);
});

test('the batches are those of filling one after the other', () => {
  const random = seedRandom(5);
  let passedOver = 0;
  for (let round = 0; round < 200; round++) {
    const variety = 3 + drawIndex(random, 60);
    const examples = Array.from({ length: 5 + drawIndex(random, 80) }, () =>
      Array.from({ length: 1 + drawIndex(random, 3) }, () => `s${drawIndex(random, variety)}`),
    );
    const batchSize = 2 + drawIndex(random, 7);
    const batches = planEpoch(examples, batchSize, round, 3, true);
    const order = [...shuffleIndices(examples.length, seedRandom(round, 3))];
    const expected = fillOneByOne(examples, order, batchSize);
    expect(batches.map((batch) => [...batch])).toEqual(expected.filter(({ length }) => length > 1));
    expectDistinct(examples, batches);
    if (String(expected.flat()) !== String(order)) passedOver++;
  }
  expect(passedOver).toBeGreaterThan(100);
});

test('a row that holds a sentence twice itself is taken', () => {
  const batches = planEpoch(
    [
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'd', 'c'],
    ],
    3,
    1,
    0,
    true,
  );
  expect(batches.map((batch) => [...batch].sort())).toEqual([[0, 1, 2]]);
});

test('negatives count too', () => {
  const examples = [
    ['a', 'b', 'n'],
    ['c', 'd', 'n'],
    ['e', 'f', 'm'],
    ['g', 'h', 'a'],
  ];
  for (let seed = 0; seed < 10; seed++) expectDistinct(examples, planEpoch(examples, 4, seed, 0, true));
});

describe('200,000 rows in time', () => {
  const cases: [string, (i: number) => string[]][] = [
    ['unrelated', (i) => [`a${i}`, `b${i}`]],
    ['one sentence in half of them', (i) => [i % 2 ? 'hub' : `a${i}`, `b${i}`]],
    ['two sentences in half of them each', (i) => [i % 2 ? 'hub' : 'other', `b${i}`]],
    ['the same sentence in all', (i) => ['hub', `b${i}`]],
    ['a few hundred anchors', (i) => [`a${i % 300}`, `b${i}`, `n${i % 7}`]],
    ['pairs of frequent sentences', (i) => [`a${(i * 7919) % 97}`, `b${(i * 104729) % 89}`]],
  ];
  test.each(cases)('%s', (_, write) => {
    const examples = Array.from({ length: 200_000 }, (_, i) => write(i));
    const started = performance.now();
    const batches = planEpoch(examples, 32, 1, 0, true);
    expect(performance.now() - started).toBeLessThan(5000);
    expectDistinct(examples, batches.slice(0, 300));
    const rows = flatten(batches);
    expect(new Set(rows).size).toBe(rows.length);
    if (!write(0).includes('hub') && !write(1).includes('hub')) expect(rows.length).toBeGreaterThan(199_000);
  });
});
