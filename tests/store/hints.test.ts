/**
 * Hints come where they should and nowhere else. The recorded curves (`fixtures/curves.json`) are real runs from
 * embedsmith-tiny by `npm run train`: those of the README's table and of the samples, which must stay without a hint to
 * their last step, and runs that were spoilt on purpose.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultsFor, type RunConfig } from '../../src/contract/catalogue.ts';
import type { MetricName } from '../../src/contract/metrics.ts';
import type { ObjectiveName } from '../../src/contract/objectives.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { addEvaluation, type Evaluation } from '../../src/store/evaluations.ts';
import { type Hint, hintsOf, unwatched, watchRun } from '../../src/store/hints.ts';

type Recorded = {
  objective: ObjectiveName;
  learningRate: number;
  maxGradNorm: number;
  evaluations: [step: number, primary: MetricName, value: number, randomMean: number | null][];
  loss: number[];
  norm: number[];
};

const curves: Record<string, Recorded> = JSON.parse(
  readFileSync(new URL('fixtures/curves.json', import.meta.url), 'utf8'),
);

const stepEvent = (step: number, loss: number, norm: number): RunEvent => ({
  runId: 'a',
  type: 'step',
  step,
  epoch: 0,
  metrics: {
    'train/loss': loss,
    'train/learning_rate': 0,
    'train/grad_norm': norm,
    'speed/sentences_per_second': 0,
    'speed/tokens_per_second': 0,
    'speed/step_seconds': 0,
    'memory/tensors': 0,
    'memory/bytes': 0,
  },
});

/** Plays a run and gives the steps at which each kind of hint stood. */
function play({ objective, evaluations, loss, norm, ...options }: Recorded) {
  const config: RunConfig = { ...defaultsFor(objective), ...options };
  const stood = new Map<Hint['kind'], number[]>();
  let last: Hint[] = [];
  let judged: readonly Evaluation[] = [];
  let watch = watchRun(unwatched, {
    runId: 'a',
    step: 0,
    type: 'started',
    config,
    totalSteps: loss.length,
    stepsPerEpoch: loss.length,
    trainExamples: 1,
    evaluationPairs: 1,
  });
  const judge = (at: number) => {
    for (const [step, primary, value, mean] of evaluations)
      if (step === at) {
        const metrics = { [primary]: value, ...(mean === null ? {} : { 'eval/random_mean': mean }) };
        const report = { primary, metrics, pairs: 1, distributions: null, confusion: null };
        judged = addEvaluation(judged, { step, report, seconds: 1 });
      }
  };
  judge(0);
  for (const [i, value] of loss.entries()) {
    watch = watchRun(watch, stepEvent(i + 1, value, norm[i]!));
    judge(i + 1);
    last = hintsOf(watch, judged);
    for (const { kind } of last) stood.set(kind, [...(stood.get(kind) ?? []), i + 1]);
  }
  return { stood, last, kinds: [...stood.keys()], watch };
}

describe('recorded runs', () => {
  const spoilt = ['flat', 'diverge', 'diverge-mnrl', 'overfit'];
  const good = Object.keys(curves).filter((name) => !spoilt.includes(name));

  test('are all there', () => {
    expect(Object.keys(curves)).toEqual(expect.arrayContaining(spoilt));
    expect(good.length).toBeGreaterThanOrEqual(9);
    for (const { loss, norm } of Object.values(curves))
      expect([loss.length > 90, norm.length]).toEqual([true, loss.length]);
  });

  test.each(good)('%s is good: no hint at any step', (name) => {
    expect(Object.fromEntries(play(curves[name]!).stood)).toEqual({});
  });

  test('a learning rate of 1e-7: flat from the middle to the end', () => {
    const { kinds, last, stood } = play(curves.flat!);
    expect(kinds).toEqual(['flat']);
    expect(last.map(({ kind }) => kind)).toEqual(['flat']);
    expect(stood.get('flat')![0]).toBeLessThan(60);
  });

  test('a learning rate of 0.03: the loss runs away', () => {
    expect(play(curves.diverge!).stood.get('diverging')!.length).toBeGreaterThan(50);
  });

  test('a learning rate of 0.02 without clipping: the embeddings collapse, and only that is said', () => {
    const { kinds, last } = play(curves['diverge-mnrl']!);
    expect(kinds).toEqual(['collapse']);
    expect(last).toHaveLength(1);
  });

  test('forty pairs, sixty times: learnt by heart, until it comes back', () => {
    const { kinds, stood } = play(curves.overfit!);
    expect(kinds).toEqual(['overfitting']);
    expect(stood.get('overfitting')!.length).toBeGreaterThan(40);
  });
});

describe('curves made up', () => {
  /** A little noise that is the same every time. */
  const wave = (i: number) => Math.sin(i * 12.9898) * 0.1;
  const make = (count: number, loss: (i: number) => number, more: Partial<Recorded> = {}): Recorded => ({
    objective: 'mnrl',
    learningRate: 2e-4,
    maxGradNorm: 1,
    evaluations: [],
    loss: Array.from({ length: count }, (_, i) => loss(i) + wave(i)),
    norm: new Array(count).fill(0.5),
    ...more,
  });

  test('a loss that falls says nothing; one that stands and one that turns do', () => {
    expect(play(make(400, (i) => 3 * Math.exp(-i / 100))).kinds).toEqual([]);
    expect(play(make(400, () => 3)).kinds).toEqual(['flat']);
    const turns = play(make(400, (i) => (i < 150 ? 3 - i / 75 : 1 + (i - 150) / 100)));
    expect(turns.kinds).toEqual(['diverging']);
    expect(turns.stood.get('diverging')![0]).toBeLessThan(280);
  });

  test('a late start is no flat loss', () => {
    expect(play(make(400, (i) => (i < 120 ? 3 : 3 - (i - 120) / 100))).kinds).toEqual([]);
  });

  test('gradients a hundred times too long are told of, those fifteen times too long are not', () => {
    const falling = (i: number) => 3 * Math.exp(-i / 60);
    const told = play(make(200, falling, { norm: new Array(200).fill(100) }));
    expect(told.kinds).toEqual(['clipped']);
    expect(told.last[0]!.value).toBeCloseTo(100, 6);
    expect(told.stood.get('clipped')![0]).toBe(50);
    expect(play(make(200, falling, { norm: new Array(200).fill(15) })).kinds).toEqual([]);
    const now = Array.from({ length: 200 }, (_, i) => (i % 40 === 39 ? 0.5 : 100));
    expect(play(make(200, falling, { norm: now })).kinds).toEqual([]);
  });

  test('embeddings that were crowded from the start and get better are not collapsing', () => {
    const evaluations = (means: number[]): Recorded['evaluations'] =>
      means.map((mean, i) => [i * 50, 'eval/spearman_cosine', 0.5 + i / 100, mean]);
    const falling = (i: number) => 3 * Math.exp(-i / 60);
    const better = play(make(300, falling, { evaluations: evaluations([0.98, 0.95, 0.93, 0.91, 0.9, 0.8]) }));
    expect(better.kinds).toEqual([]);
    const worse = play(make(300, falling, { evaluations: evaluations([0.6, 0.7, 0.91, 0.93, 0.97, 0.98]) }));
    expect(worse.kinds).toEqual(['collapse']);
    expect(worse.stood.get('collapse')![0]).toBe(150);
  });

  test('an evaluation that falls while the loss falls: since which step', () => {
    const values = [0.5, 0.6, 0.58, 0.57, 0.56, 0.55];
    const evaluations: Recorded['evaluations'] = values.map((v, i) => [i * 50, 'eval/spearman_cosine', v, 0.1]);
    const { kinds, last } = play(make(300, (i) => 3 * Math.exp(-i / 60), { evaluations }));
    expect(kinds).toEqual(['overfitting']);
    expect(last).toEqual([{ kind: 'overfitting', value: 50 }]);
  });

  test('a hundred thousand steps take no more room', () => {
    const { watch, kinds } = play({
      ...make(0, () => 0),
      loss: Array.from({ length: 100_000 }, (_, i) => 3 / (1 + i / 1e4)),
      norm: new Array(100_000).fill(1),
    });
    expect(watch.buckets.length).toBeLessThanOrEqual(96);
    expect(watch.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(100_000);
    expect(kinds).toEqual([]);
  });
});
