/** From files to what a run trains on and is judged on, for data of every kind. */
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { defaultConfig, type RunConfig } from '../../src/contract/catalogue.ts';
import type { Slot } from '../../src/contract/data.ts';
import { sayProblem } from '../../src/contract/problems.ts';
import { textsOf } from '../../src/data/example-columns.ts';
import { createDatasets } from '../../src/worker/datasets.ts';

type Rows = (string | number)[][];

async function open(files: Partial<Record<Slot, Rows>>) {
  const datasets = createDatasets();
  for (const slot of ['train', 'evaluation'] as const) {
    const rows = files[slot];
    if (rows) await datasets.read(slot, new File([Papa.unparse(rows)], `${slot}.csv`), {});
  }
  return datasets;
}

const prepare = async (files: Partial<Record<Slot, Rows>>, options: Partial<RunConfig>) =>
  (await open(files)).prepare({ ...defaultConfig, ...options });

const header = ['sen1', 'sen2', 'label'];
const blockOf = ({ plan }: { plan: { blocked: Parameters<typeof sayProblem>[0] | null } }) =>
  plan.blocked && sayProblem(plan.blocked);

/** Rows of several premises, each with the labels in turn. */
const nli = (labels: (string | number)[], count = 60): Rows => [
  header,
  ...Array.from({ length: count }, (_, i) => [
    `premise number ${Math.floor(i / labels.length)}`,
    `hypothesis number ${i}`,
    labels[i % labels.length] as string,
  ]),
];

describe('labels of any kind', () => {
  test('are classes to train and to be judged on, the same numbers in both files', async () => {
    const train = nli([2, 0, 1, -1]);
    const evaluation: Rows = [header, ['a b', 'c d', '1.0'], ['e f', 'g h', 3], ['i j', 'k l', 2], ['m n', 'o p', '']];
    const datasets = await open({ train, evaluation });
    const data = datasets.prepare({ ...defaultConfig, objective: 'softmax' });
    expect(data.classes).toEqual(['0', '1', '2']);
    expect(data.examples.count).toBe(45);
    expect([...data.examples.targets.slice(0, 3)]).toEqual([2, 0, 1]);
    expect(data.evaluation).toMatchObject({ kind: 'classes', labels: Int32Array.of(1, 2), listed: 2 });
    expect(data.plan).toMatchObject({
      blocked: null,
      trainExamples: 45,
      passedOver: 0,
      evaluationPairs: 2,
      evaluationKind: 'classes',
      evaluationSource: 'file',
      train: { usable: 45, unlabelled: 15, problemCount: 15 },
      evaluation: { usable: 2, unlabelled: 1, problemCount: 2 },
    });
    expect(sayProblem(data.plan.evaluation!.problems[0]!.problem)).toBe(
      'Label “3” does not occur in the training data, whose labels are 0, 1, 2.',
    );
    const csv = await datasets.problemsCsv('evaluation', 'en').text();
    expect(csv).toContain('3,"Label “3” does not occur');
    expect(blockOf(datasets.prepare({ ...defaultConfig, objective: 'mnrl' }))).toMatch(/\(0, 1, 2\) do not say/);
    expect(blockOf(datasets.prepare({ ...defaultConfig, objective: 'cosent' }))).toMatch(/\(0, 1, 2\) do not say/);
  });

  test('where nothing of the evaluation file is known, it cannot be used', async () => {
    const files = { train: nli(['a', 'b']), evaluation: nli(['c', 'd']) };
    expect(blockOf(await prepare(files, { objective: 'softmax' }))).toMatch(/“evaluation.csv” has no usable pair/);
  });

  test('a cross-encoder for labels needs an evaluation file with labels, other objectives do not', async () => {
    const scored: Rows = [
      ['sentence1', 'sentence2', 'score'],
      ['a b', 'c d', 4],
      ['e f', 'g h', 0.5],
    ];
    const files = { train: nli(['a', 'b']), evaluation: scored };
    expect(blockOf(await prepare(files, { objective: 'cross-encoder' }))).toMatch(
      /“evaluation.csv” has no labels.*a, b/,
    );
    expect(blockOf(await prepare(files, { objective: 'softmax' }))).toBeNull();
  });

  test('a single one teaches nothing', async () => {
    expect(blockOf(await prepare({ train: nli(['same']) }, { objective: 'softmax' }))).toMatch(/the same one \(same\)/);
  });
});

describe('inference labels', () => {
  const train = nli(['entailment', 'neutral', 'contradiction'], 90);

  test('make triplets', async () => {
    const data = await prepare({ train }, { objective: 'simcse-supervised', heldOutShare: 0.1 });
    expect(data.examples.count).toBe(27);
    expect(textsOf(data.examples, 0)[0]).toMatch(/^premise/);
    expect(data.plan).toMatchObject({ blocked: null, passedOver: 27, evaluationKind: 'graded', evaluationPairs: 9 });
  });

  test('are a similarity, and the facts say so', async () => {
    const datasets = createDatasets();
    const { facts, expanded } = await datasets.read('train', new File([Papa.unparse(train)], 'nli.csv'), {});
    expect(expanded).toBeNull();
    expect(facts).toEqual({
      paired: true,
      negatives: 0,
      similarity: 'graded',
      classes: ['contradiction', 'entailment', 'neutral'],
      contrasts: true,
    });
    expect(datasets.prepare({ ...defaultConfig, objective: 'cosent', heldOutShare: 0 }).examples.count).toBe(90);
    expect(datasets.setRoles('train', ['sentence1', 'ignore', 'ignore']).facts).toMatchObject({ paired: false });
    expect(blockOf(datasets.prepare(defaultConfig))).toMatch(/Sentence 2/);
    datasets.setRoles('train', ['ignore', 'sentence2', 'ignore']);
    expect(blockOf(datasets.prepare({ ...defaultConfig, objective: 'simcse' }))).toMatch(/Sentence 1/);
  });

  test('without common premises make none', async () => {
    const apart = train.map(([first, ...rest], i) => [i ? `${first} ${i}` : first!, ...rest]);
    expect(blockOf(await prepare({ train: apart }, { objective: 'triplet' }))).toMatch(/counterexample/);
  });
});

test('0 and 1 make positives and negatives, and binary evaluation', async () => {
  const data = await prepare({ train: nli([0, 1, 1]) }, { objective: 'online-contrastive', heldOutShare: 0 });
  expect([...data.examples.targets.slice(0, 3)]).toEqual([0, 1, 1]);
  expect(data.plan).toMatchObject({ evaluationSource: 'none', evaluationPairs: 0, blocked: null });
  const held = await prepare({ train: nli([0, 1, 1]) }, { objective: 'cross-encoder', heldOutShare: 0.2 });
  expect(held.evaluation.kind).toBe('binary');
  expect([...held.evaluation.labels!]).toEqual([...held.evaluation.gold]);
});

test('graded scores with an evaluation file of pairs alone', async () => {
  const train = [['sen1', 'sen2', 'score'], ...nli([0, 2.5, 5]).slice(1)];
  const evaluation = nli(['x'], 5).map((row) => row.slice(0, 2));
  const data = await prepare({ train, evaluation }, { objective: 'cross-encoder' });
  expect(data).toMatchObject({ classes: null, plan: { blocked: null, evaluationKind: 'positives' } });
  expect([...data.examples.targets.slice(0, 3)]).toEqual([0, 0.5, 1]);
  expect(data.evaluation.listed).toBe(5);
  expect(data.plan.train.scoreRange).toEqual({ low: 0, high: 5 });
});

test('a column of Python dictionaries, from the file to the run', async () => {
  const train: Rows = [
    ['data'],
    ...nli([0, 1, 2])
      .slice(1)
      .map(([first, second, label]) => [`{'sen1': '${first}', 'sen2': "${second}", 'label': ${label}}`]),
  ];
  const datasets = createDatasets();
  const file = () => new File([Papa.unparse(train)], 'dicts.csv');
  const table = await datasets.read('train', file(), {});
  expect(table).toMatchObject({
    expanded: 'data',
    facts: { paired: true, classes: ['0', '1', '2'], similarity: null },
  });
  expect(table.columns.map(({ role }) => role)).toEqual(['sentence1', 'sentence2', 'label']);
  expect(table.preview[0]).toEqual({ line: 2, cells: ['premise number 0', 'hypothesis number 0', '0'] });
  expect(datasets.prepare({ ...defaultConfig, objective: 'softmax' }).plan.blocked).toBeNull();
  expect(await datasets.read('train', file(), { expand: false })).toMatchObject({ expanded: null });
});
