import { expect, test } from 'vitest';
import type { Role } from '../../src/contract/catalogue.ts';
import { sayProblem } from '../../src/contract/problems.ts';
import { buildExamples, listTexts } from '../../src/data/examples.ts';

/** A table whose rows start on lines 2, 3 … */
function build(roles: Role[], rows: string[][]) {
  const columns = roles.map((_, i) => `c${i + 1}`);
  return buildExamples({ columns, rows, lines: rows.map((_, i) => i + 2) }, roles);
}
const say = ({ problems }: ReturnType<typeof build>) =>
  problems.map(({ line, problem }) => `${line}: ${sayProblem(problem)}`);

test('roles put texts in order: sentence1, sentence2, negatives', () => {
  const { examples, problems, scoreRange } = build(
    ['negative', 'sentence2', 'ignore', 'sentence1', 'negative'],
    [['n1', 's2', 'x', 's1', 'n2']],
  );
  expect(examples).toEqual([{ sentence1: 's1', sentence2: 's2', negatives: ['n1', 'n2'], score: null, line: 2 }]);
  expect(listTexts(examples[0]!)).toEqual(['s1', 's2', 'n1', 'n2']);
  expect(problems).toEqual([]);
  expect(scoreRange).toBeNull();
});

test('lone sentences have no pair, and their numbers are not read', () => {
  const { examples, problems, scoreRange } = build(['sentence1', 'label', 'score'], [['a', 'sports', 'n/a']]);
  expect(examples).toEqual([{ sentence1: 'a', sentence2: null, negatives: [], score: null, line: 2 }]);
  expect(listTexts(examples[0]!)).toEqual(['a']);
  expect([problems, scoreRange]).toEqual([[], null]);
});

test('texts are trimmed, also of wide spaces, and kept within', () => {
  const { examples } = build(['sentence1', 'sentence2'], [['\u3000 a  b\n c\t', '\n中 文 ']]);
  expect(examples[0]).toMatchObject({ sentence1: 'a  b\n c', sentence2: '中 文' });
});

test('a row without text in any used column is left out', () => {
  const set = build(
    ['sentence1', 'sentence2', 'negative', 'ignore'],
    [
      ['a', 'b', 'c', ''],
      [' ', 'b', 'c', 'x'],
      ['a', '\u3000', 'c', 'x'],
      ['a', 'b', '', 'x'],
    ],
  );
  expect(set.examples.map(({ line }) => line)).toEqual([2]);
  expect(say(set)).toEqual(['3: No text in column “c1”.', '4: No text in column “c2”.', '5: No text in column “c3”.']);
});

test('scores are rescaled from their range; unreadable ones and outliers are left out', () => {
  const rows = Array.from({ length: 999 }, (_, i) => [
    `a${i}`,
    `b${i}`,
    `${(i % 11) / 2}`.replace('.', i % 2 ? ',' : '.'),
  ]);
  rows.splice(500, 0, ['x', 'y', '50']);
  rows.push(['x', 'y', 'n/a'], ['x', 'y', '']);
  const set = build(['sentence1', 'sentence2', 'score'], rows);
  expect(set.scoreRange).toEqual({ low: 0, high: 5 });
  expect(set.examples).toHaveLength(999);
  expect(set.examples.slice(0, 11).map(({ score }) => score)).toEqual([
    0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]);
  expect(say(set)).toEqual([
    '502: Score 50 is outside the range 0 to 5 of the other rows.',
    '1002: “n/a” in column “c3” is not a number.',
    '1003: “” in column “c3” is not a number.',
  ]);
});

test('scores from -1 to 1 and from 1 to 5', () => {
  const scores = (cells: string[]) =>
    build(
      ['sentence1', 'sentence2', 'score'],
      cells.map((cell) => ['a', 'b', cell]),
    );
  expect(scores(['-1', '-0.5', '0', '1']).examples.map(({ score }) => score)).toEqual([0, 0.25, 0.5, 1]);
  expect(scores(['1', '2', '5']).examples.map(({ score }) => score)).toEqual([0, 0.25, 1]);
});

test('all scores the same, 0 or otherwise, stay finite', () => {
  for (const cell of ['0', '1', '500', '-3']) {
    const { examples } = build(
      ['sentence1', 'sentence2', 'score'],
      [
        ['a', 'b', cell],
        ['c', 'd', cell],
      ],
    );
    for (const { score } of examples) expect(score).toSatisfy((value: number) => value >= 0 && value <= 1);
    expect(examples).toHaveLength(2);
  }
});

test('labels in words and numbers', () => {
  const words = ['entailment', '中立', '矛盾', '1', '0', 'Yes', '-', '2', ''];
  const set = build(
    ['label', 'sentence1', 'sentence2'],
    words.map((word) => [word, 'a', 'b']),
  );
  expect(set.examples.map(({ score }) => score)).toEqual([1, 0.5, 0, 1, 0, 1]);
  expect(set.scoreRange).toEqual({ low: 0, high: 1 });
  expect(set.problems.map(({ line, problem }) => [line, problem.code, problem.params.value])).toEqual([
    [8, 'row-bad-label', '-'],
    [9, 'row-bad-label', '2'],
    [10, 'row-bad-label', ''],
  ]);
});

test('a score wins over a label', () => {
  const { examples } = build(
    ['sentence1', 'sentence2', 'label', 'score'],
    [
      ['a', 'b', 'nonsense', '0.25'],
      ['a', 'b', '1', '1'],
    ],
  );
  expect(examples.map(({ score }) => score)).toEqual([0.25, 1]);
});

test('without sentence1 there are no examples', () => {
  expect(build(['sentence2', 'score'], [['a', '1']])).toEqual({ examples: [], problems: [], scoreRange: null });
});
