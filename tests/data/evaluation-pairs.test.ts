import { expect, test } from 'vitest';
import { makeEvaluationPairs } from '../../src/data/evaluation-pairs.ts';
import type { Example } from '../../src/data/examples.ts';

const make = (pairs: [string, string | null, (number | null)?][]): Example[] =>
  pairs.map(([sentence1, sentence2, score = null], line) => ({ sentence1, sentence2, negatives: [], score, line }));

test('scores are gold', () => {
  const pairs = makeEvaluationPairs(
    make([
      ['a', 'b', 0.25],
      ['c', 'd', 1],
    ]),
    1,
  );
  expect(pairs).toEqual({ sentence1: ['a', 'c'], sentence2: ['b', 'd'], gold: Float64Array.of(0.25, 1), scored: true });
});

test('rows without sentence2 do not count', () => {
  const none = makeEvaluationPairs(
    make([
      ['a', null],
      ['b', null],
    ]),
    1,
  );
  expect(none).toEqual({ sentence1: [], sentence2: [], gold: new Float64Array(), scored: false });
  expect(
    makeEvaluationPairs(
      make([
        ['a', null],
        ['c', 'd', 1],
      ]),
      1,
    ).sentence1,
  ).toEqual(['c']);
  expect(makeEvaluationPairs([], 1).sentence1).toEqual([]);
});

test('without scores each pair is followed by a negative that is no listed pair', () => {
  const rows: [string, string][] = Array.from({ length: 200 }, (_, i) => [`q${i % 20}`, `a${i % 50}`]);
  rows.push(['a3', 'q3'], ['a4', 'a5']);
  const examples = make(rows);
  const listed = new Set(rows.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  for (const seed of [1, 2, 3]) {
    const { sentence1, sentence2, gold, scored } = makeEvaluationPairs(examples, seed);
    expect(scored).toBe(false);
    expect([sentence1.length, sentence2.length]).toEqual([404, 404]);
    expect([...gold]).toEqual([...Array(202).fill(1), ...Array(202).fill(0)]);
    expect(sentence1.slice(202)).toEqual(sentence1.slice(0, 202));
    const negatives = sentence1.slice(202).map((anchor, i) => [anchor, sentence2[202 + i]]);
    expect(negatives.filter(([a, b]) => a === b || listed.has(`${a} ${b}`))).toEqual([]);
  }
});

test('negatives are drawn from all rows and follow the seed', () => {
  const examples = make(Array.from({ length: 500 }, (_, i) => [`q${i}`, `a${i}`]));
  const draw = (seed: number) => makeEvaluationPairs(examples, seed).sentence2.slice(500);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(new Set(draw(1)).size).toBeGreaterThan(250);
});

test('where no other sentence is left there is no negative', () => {
  expect(makeEvaluationPairs(make([['a', 'b']]), 1).gold).toEqual(Float64Array.of(1));
  expect(
    makeEvaluationPairs(
      make([
        ['a', 'x'],
        ['b', 'x'],
      ]),
      1,
    ).gold,
  ).toEqual(Float64Array.of(1, 1));
  expect(
    makeEvaluationPairs(
      make([
        ['a', 'b'],
        ['b', 'a'],
      ]),
      1,
    ).gold,
  ).toEqual(Float64Array.of(1, 1));
});

test('a listed pair the other way round is no negative either', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { sentence1, sentence2 } = makeEvaluationPairs(
      make([
        ['a', 'b'],
        ['b', 'c'],
        ['x', 'a'],
      ]),
      seed,
    );
    expect(sentence1.slice(3)).toEqual(['a', 'x']);
    expect(sentence2[3]).toBe('c');
  }
});

test('scores of only some rows do not count', () => {
  const { scored, gold } = makeEvaluationPairs(
    make([
      ['a', 'b', 0.5],
      ['c', 'd'],
    ]),
    1,
  );
  expect(scored).toBe(false);
  expect([...gold]).toEqual([1, 1, 0, 0]);
});
