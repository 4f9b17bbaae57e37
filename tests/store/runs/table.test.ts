/** Kept runs: sorted, searched, compared, and cut where a run goes on. */
import { describe, expect, it } from 'vitest';
import { defaultConfig, defaultsFor } from '../../../src/contract/catalogue.ts';
import { curveNames, type RunCurves, type RunEntry } from '../../../src/contract/runs.ts';
import { stepAt, valueAt } from '../../../src/store/curves.ts';
import { continuingRun, resultOf, titleOf } from '../../../src/store/runs/kept.ts';
import { runCsv } from '../../../src/store/runs/run-csv.ts';
import { differingOptions, findRuns, sortRuns } from '../../../src/store/runs/table.ts';

const entry = (id: string, more: Partial<RunEntry> = {}): RunEntry => ({
  id,
  name: '',
  note: '',
  createdAt: 0,
  status: 'completed',
  config: defaultConfig,
  model: 'tiny',
  backend: 'wasm',
  data: { train: 'pairs.csv', evaluation: null, trainExamples: 8, evaluationPairs: 0 },
  step: 9,
  totalSteps: 9,
  stepsPerEpoch: 3,
  seconds: 1,
  primary: null,
  before: null,
  latest: null,
  best: null,
  keptStep: 9,
  problem: null,
  checkpoint: null,
  weights: null,
  ...more,
});

const ids = (runs: readonly RunEntry[]) => runs.map(({ id }) => id).join('');

describe('the table of runs', () => {
  it('sorts by value; what was never measured comes last either way', () => {
    const runs = [entry('a', { latest: 0.2 }), entry('b'), entry('c', { latest: 0.9 })];
    expect(ids(sortRuns(runs, { by: 'result', descending: true }))).toBe('cab');
    expect(ids(sortRuns(runs, { by: 'result', descending: false }))).toBe('acb');
    const named = [entry('a', { name: 'run 10' }), entry('b', { name: 'run 9' })];
    expect(ids(sortRuns(named, { by: 'name', descending: false }))).toBe('ba');
  });

  it('is judged by the weights that were kept', () => {
    const best = { step: 4, value: 0.8 };
    expect(resultOf(entry('a', { best, latest: 0.5, keptStep: 4 }))).toBe(0.8);
    expect(resultOf(entry('a', { best, latest: 0.5, keptStep: 9 }))).toBe(0.5);
  });

  it('finds by every word, in any of its texts', () => {
    const runs = [entry('a', { note: 'Long warm-up' }), entry('b', { name: '长句' })];
    expect(ids(findRuns(runs, 'warm LONG'))).toBe('a');
    expect(ids(findRuns(runs, '长'))).toBe('b');
    expect(ids(findRuns(runs, 'pairs.csv mnrl'))).toBe('ab');
    expect(titleOf(entry('0123456789'))).toBe('mnrl-01234567');
  });

  it('tells only the options that differ and have a meaning', () => {
    expect(differingOptions([defaultConfig, { ...defaultConfig, seed: 2, momentum: 0.1 }])).toEqual(['seed']);
    expect(differingOptions([defaultConfig, defaultConfig])).toEqual([]);
    expect(differingOptions([defaultConfig, defaultsFor('cosent')])).toContain('objective');
  });
});

const curves = Object.fromEntries(
  ['step', 'epoch', ...curveNames].map((name) => [name, Float64Array.of(1, 2, 3, 4)]),
) as RunCurves;
const report = {
  primary: 'eval/spearman_cosine',
  metrics: { 'eval/spearman_cosine': 0.5 },
  pairs: 2,
  distributions: null,
  confusion: null,
} as const;
const evaluations = [0, 2, 4].map((step) => ({ step, epoch: step, report, seconds: 1 }));

describe('a kept run', () => {
  it('goes on from its checkpoint: what came after is gone, what came before is there', () => {
    const run = continuingRun({ entry: entry('a'), curves, evaluations }, 3);
    expect([run.step, run.savedStep, run.curves.length, run.phase]).toEqual([3, 3, 3, 'starting']);
    expect([stepAt(run.curves, 2), valueAt(run.curves, 'train/loss', 2)]).toEqual([3, 3]);
    expect(run.evaluations.map(({ step }) => step)).toEqual([0, 2]);
    expect(run.clock.pausedFor).toBe(-6000);
  });

  it('is written as CSV with every step and evaluation', () => {
    const lines = runCsv({ entry: entry('a'), curves, evaluations }).split('\r\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^step,epoch,train\/loss,.*,eval\/spearman_cosine$/);
    expect(lines[1]).toBe(`0,${','.repeat(curveNames.length)},0.5`);
    expect(lines[2]).toBe(`1,1${',1'.repeat(curveNames.length)},`);
  });
});
