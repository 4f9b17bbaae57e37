/** A project goes into a zip and comes out as it was; what is no project is said. */
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { defaultConfig } from '../../src/contract/catalogue.ts';
import { ProblemError } from '../../src/contract/problems.ts';
import { curveNames, type RunCurves, type RunEntry } from '../../src/contract/runs.ts';
import { type ProjectRun, packProject, unpackProject } from '../../src/files/project.ts';
import { openZip } from '../../src/files/zip-reader.ts';

const entry: RunEntry = {
  id: '0a1b-2c',
  name: 'a name, 名称',
  note: '',
  createdAt: 1.7e12,
  status: 'completed',
  config: defaultConfig,
  model: 'tiny',
  backend: 'wasm',
  data: { train: 'pairs.csv', evaluation: null, trainExamples: 8, evaluationPairs: 2 },
  step: 3,
  totalSteps: 3,
  stepsPerEpoch: 3,
  seconds: 1.5,
  primary: 'eval/spearman_cosine',
  before: 0.1,
  latest: 0.3,
  best: { step: 2, value: 0.4 },
  keptStep: 3,
  problem: null,
  checkpoint: null,
  weights: 3,
};

const curves = Object.fromEntries(
  ['step', 'epoch', ...curveNames].map((name, c) => [name, Float64Array.of(c + 1, c + Math.PI, Number.NaN)]),
) as RunCurves;

const report = {
  primary: 'eval/spearman_cosine',
  metrics: { 'eval/spearman_cosine': 0.1 },
  pairs: 2,
  distributions: { positives: [1, 0], negatives: [0, 1] },
  confusion: null,
} as const;

const run = (id: string, data: string): ProjectRun => ({
  entry: { ...entry, id },
  curves,
  evaluations: [{ step: 0, epoch: 0, seconds: 1, report: { ...report, distributions: null } }],
  inputs: {
    train: { file: new File([data], 'pairs.csv'), options: { header: true }, roles: ['sentence1', 'sentence2'] },
    evaluation: null,
    model: { kind: 'files', files: [{ path: 'mine/config.json', file: new File(['{}'], 'config.json') }] },
  },
  weights: new Map([['3.safetensors', Uint8Array.of(1, 2, 3)]]),
});

test('runs, curves to the last bit, files and weights come back', async () => {
  const runs = [run('a', 'x,y'), run('b', 'x,y'), { ...run('c', 'z'), inputs: null, weights: new Map() }];
  const zip = await packProject(runs, { ...defaultConfig, seed: 5 });
  const found = unpackProject(zip, 'p.zip');
  expect(found.config).toEqual({ ...defaultConfig, seed: 5 });
  expect(found.runs.map(({ entry: { weights }, ...rest }) => ({ ...rest, weights }))).toHaveLength(3);
  const [first, , third] = found.runs;
  expect(first!.entry).toEqual({ ...entry, id: 'a' });
  expect(first!.curves).toEqual(curves);
  expect(first!.evaluations).toEqual(runs[0]!.evaluations);
  expect([...first!.weights]).toEqual([...runs[0]!.weights]);
  const { train, model } = first!.inputs!;
  expect([train.file.name, await train.file.text(), train.options, train.roles]).toEqual([
    'pairs.csv',
    'x,y',
    { header: true },
    ['sentence1', 'sentence2'],
  ]);
  expect(model).toMatchObject({ kind: 'files', files: [{ path: 'mine/config.json' }] });
  expect([third!.inputs, third!.entry.weights]).toEqual([null, null]);
  // The same table of two runs is there once, beside the model's file.
  expect(openZip(zip).paths.filter((path) => path.startsWith('files/'))).toHaveLength(2);
});

test('what is no project, or would lead out of its folder, is refused', async () => {
  const refuse = (bytes: Uint8Array) => {
    try {
      unpackProject(bytes, 'p.zip');
    } catch (error) {
      return error instanceof ProblemError ? error.problem.code : String(error);
    }
    return 'taken';
  };
  const whole = await packProject([run('a', 'x')], null);
  expect(refuse(whole)).toBe('taken');
  expect(refuse(whole.subarray(0, whole.length - 30))).toBe('project-broken');
  expect(refuse(strToU8('no zip'))).toBe('project-broken');
  expect(refuse(zipSync({ 'config.json': strToU8('{}') }))).toBe('project-broken');
  expect(refuse(await packProject([run('../a', 'x')], null))).toBe('project-broken');
  const wrong = { ...run('a', 'x'), entry: { ...entry, config: { ...defaultConfig, learningRate: 5 } } };
  expect(refuse(await packProject([wrong], null))).toBe('project-broken');
});
