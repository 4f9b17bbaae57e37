import { expect, test } from 'vitest';
import { detectScoreRange, parseLabel, parseScore } from '../../src/data/scores.ts';

test('numbers with point or comma, and nothing else', () => {
  const good: [string, number][] = [
    ['5', 5],
    [' 0.75 ', 0.75],
    ['0,75', 0.75],
    ['-1', -1],
    ['+2.', 2],
    ['.5', 0.5],
    ['1e-3', 0.001],
  ];
  for (const [cell, value] of good) expect(parseScore(cell)).toBe(value);
  for (const cell of ['', ' ', 'n/a', '1.2.3', '1,234,5', '0x10', 'Infinity', 'NaN', '5 stars', '--1', '1e999', ',']) {
    expect(parseScore(cell), cell).toBeNull();
  }
});

test('labels in English and Chinese', () => {
  const good: [string, number][] = [
    ['0', 0],
    ['1', 1],
    ['Entailment', 1],
    ['蕴含', 1],
    ['neutral', 0.5],
    ['中立', 0.5],
    ['CONTRADICTION', 0],
    ['矛盾', 0],
    ['true', 1],
    ['No ', 0],
    ['yes', 1],
    ['False', 0],
  ];
  for (const [cell, value] of good) expect(parseLabel(cell), cell).toBe(value);
  for (const cell of ['', '-', '2', '-1', 'maybe', 'constructor']) expect(parseLabel(cell), cell).toBeNull();
});

/** `count` values evenly from low to high. */
const spread = (low: number, high: number, count = 999) =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
const whole = (low: number, high: number, count = 999) =>
  Array.from({ length: count }, (_, i) => low + (i % (high - low + 1)));

test.each([
  ['0 to 1', spread(0, 1), 0, 1],
  ['labels as scores', whole(0, 1), 0, 1],
  ['all 1', [1, 1, 1], 0, 1],
  ['cosines', spread(-0.9, 1), -1, 1],
  ['cosines, few below 0', [...spread(0, 0.9), -0.02], -1, 1],
  ['a missing label as -1', [...whole(0, 1), -1], 0, 1],
  ['0 to 5', spread(0, 5), 0, 5],
  ['0 to 5, whole', whole(0, 5), 0, 5],
  ['few scores of 0 to 5', [2, 3.5, 4.8], 0, 5],
  ['1 to 5', whole(1, 5), 1, 5],
  ['1 to 5, means', spread(1, 5), 1, 5],
  ['2 to 5 only', spread(2, 5), 0, 5],
  ['graded 0 to 3', whole(0, 3), 0, 3],
  ['few whole scores to 3', [0, 1, 3], 0, 5],
  ['0 to 3, means', spread(0, 3), 0, 5],
  ['0 to 10', spread(0, 10), 0, 10],
  ['1 to 7', whole(1, 7), 1, 7],
  ['percent', spread(0, 100), 0, 100],
  ['none of these', spread(0, 250), 0, 250],
  ['none of these, negative', spread(-40, 40), -40, 40],
  ['one outlier of 1000', [...spread(0, 5), 50], 0, 5],
  ['one outlier of 20', [...spread(0, 5, 19), 50], 0, 5],
  ['2 % outliers', [...spread(0, 1, 980), ...spread(3, 90, 20)], 0, 1],
  ['5 % beyond are no outliers', [...spread(0, 5, 950), ...spread(6, 10, 50)], 0, 10],
])('%s', (_, scores, low, high) => {
  expect(detectScoreRange(scores)).toEqual({ low, high });
});

test('no scores have no range', () => expect(detectScoreRange([])).toBeNull());
