import { describe, expect, test } from 'vitest';
import type { Material } from '../../src/contract/objectives.ts';
import type { Example } from '../../src/data/examples.ts';
import { buildTrainingExamples } from '../../src/data/training-examples.ts';
import { listExamples } from '../support/examples.ts';

type Row = [string, string | null, (number | null)?, (string | null)?, string[]?];
const make = (rows: Row[]): Example[] =>
  rows.map(([sentence1, sentence2, score = null, label = null, negatives = []], line) => ({
    sentence1,
    sentence2,
    negatives,
    label,
    score,
    line,
  }));

const build = (material: Material, rows: Row[], classes: string[] | null = null) => {
  const { examples, passedOver } = buildTrainingExamples(material, make(rows), { classes, positiveScore: 0.8 });
  return { made: listExamples(examples).map(({ texts, target }) => [...texts, target]), passedOver };
};

const scored: Row[] = [
  ['a', 'b', 0.8],
  ['c', 'd', 0.79],
  ['e', 'f', 0],
  ['g', 'h', 1],
];

test('pairs: those from the positive score up, with their negatives', () => {
  expect(build('pairs', scored)).toEqual({
    made: [
      ['a', 'b', 0],
      ['g', 'h', 0],
    ],
    passedOver: 2,
  });
  expect(build('pairs', [['a', 'b', null, null, ['n', 'm']]])).toEqual({
    made: [['a', 'b', 'n', 'm', 0]],
    passedOver: 0,
  });
});

test('sentences: each once, but no negatives', () => {
  expect(
    build('sentences', [
      ['a', 'b', 0, null, ['n']],
      ['b', null],
      ['c', 'a'],
    ]),
  ).toEqual({
    made: [
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ],
    passedOver: 0,
  });
});

test('scored pairs aim at their score, binary pairs at whether it is a positive one', () => {
  const rows: Row[] = [...scored, ['i', 'j']];
  expect(build('scored-pairs', rows)).toEqual({
    made: [
      ['a', 'b', 0.8],
      ['c', 'd', 0.79],
      ['e', 'f', 0],
      ['g', 'h', 1],
    ],
    passedOver: 1,
  });
  expect(build('binary-pairs', rows).made.map(([, , target]) => target)).toEqual([1, 0, 0, 1]);
  expect(build('binary-pairs', rows).passedOver).toBe(1);
});

describe('triplets', () => {
  test('one for each negative of a positive pair', () => {
    const rows: Row[] = [
      ['a', 'b', null, null, ['n', 'm']],
      ['c', 'd', 0.2, null, ['n', 'm']],
      ['e', 'f', 0.9, null, ['n', 'm']],
    ];
    expect(build('triplets', rows)).toEqual({
      made: [
        ['a', 'b', 'n', 0],
        ['a', 'b', 'm', 0],
        ['e', 'f', 'n', 0],
        ['e', 'f', 'm', 0],
      ],
      passedOver: 1,
    });
  });

  test('from labels: what follows from a premise against what contradicts it, the fewer again and again', () => {
    const rows: Row[] = [
      ['p', 'e1', 1],
      ['q', 'only entailed', 1],
      ['p', 'neutral', 0.5],
      ['p', 'c1', 0],
      ['p', 'e2', 1],
      ['r', 'c2', 0],
      ['p', 'e3', 1],
      ['p', 'c3', 0],
      ['r', 'e4', 1],
    ];
    expect(build('triplets', rows)).toEqual({
      made: [
        ['p', 'e1', 'c1', 0],
        ['p', 'e2', 'c3', 0],
        ['p', 'e3', 'c1', 0],
        ['r', 'e4', 'c2', 0],
      ],
      passedOver: 2,
    });
  });
});

test('classified pairs aim at the number of their label in any spelling', () => {
  const rows: Row[] = [
    ['a', 'b', null, 'Neutral'],
    ['c', 'd', null, 'entailment'],
    ['e', 'f', null, 'unheard of'],
  ];
  expect(build('classified-pairs', rows, ['contradiction', 'entailment', 'neutral'])).toEqual({
    made: [
      ['a', 'b', 2],
      ['c', 'd', 1],
    ],
    passedOver: 1,
  });
});

test('judged pairs aim at their label, or without labels at their score', () => {
  const rows: Row[] = [
    ['a', 'b', 0.25, 'x'],
    ['c', 'd', 1, 'y'],
  ];
  expect(build('judged-pairs', rows, ['x', 'y']).made.map(([, , target]) => target)).toEqual([0, 1]);
  expect(build('judged-pairs', rows, null).made.map(([, , target]) => target)).toEqual([0.25, 1]);
});

test('lone sentences are no pairs', () => {
  const materials: Material[] = [
    'pairs',
    'scored-pairs',
    'binary-pairs',
    'triplets',
    'classified-pairs',
    'judged-pairs',
  ];
  for (const material of materials) {
    expect(build(material, [['a', null, 1]], ['x', 'y'])).toEqual({ made: [], passedOver: 1 });
  }
});
