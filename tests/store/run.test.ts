/** Every event of a run, folded into the state. */
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/contract/catalogue.ts';
import type { EvaluationReport, RunEvent, StepMetrics } from '../../src/contract/run.ts';
import { valueAt } from '../../src/store/curves.ts';
import { failRun, idleRun, isActive, type RunState, reduce, startingRun } from '../../src/store/run.ts';

const runId = 'a';

function metrics(loss: number): StepMetrics {
  return {
    'train/loss': loss,
    'train/learning_rate': 1e-4,
    'train/grad_norm': 1,
    'speed/sentences_per_second': 10,
    'speed/tokens_per_second': 100,
    'speed/step_seconds': 0.1,
    'memory/tensors': 5,
    'memory/bytes': 1000,
  };
}

function report(spearman: number | null): EvaluationReport {
  return {
    primary: 'eval/spearman_cosine',
    metrics: {
      'eval/spearman_cosine': spearman,
      'eval/pearson_cosine': 0.5,
      'eval/positive_mean': 0.7,
      'eval/negative_mean': 0.3,
    },
    pairs: 4,
    distributions: null,
    confusion: null,
  };
}

const started: RunEvent = {
  runId,
  step: 0,
  type: 'started',
  config: defaultConfig,
  totalSteps: 40,
  stepsPerEpoch: 20,
  trainExamples: 640,
  evaluationPairs: 4,
};
const step = (n: number, loss = 1): RunEvent => ({ runId, step: n, type: 'step', epoch: 1, metrics: metrics(loss) });

const losses = ({ curves }: RunState) =>
  Array.from({ length: curves.length }, (_, i) => valueAt(curves, 'train/loss', i));

/** Folds events that arrive a second apart. */
function fold(events: RunEvent[], from: RunState = startingRun(runId)): RunState {
  return events.reduce((state, event, i) => reduce(state, event, 1000 * (i + 1)), from);
}

describe('reduce', () => {
  it('started: takes over what the run will be', () => {
    const state = fold([started]);
    expect(state).toMatchObject({
      phase: 'running',
      totalSteps: 40,
      stepsPerEpoch: 20,
      trainExamples: 640,
      evaluationPairs: 4,
    });
    expect(state.clock.startedAt).toBe(1000);
    expect(isActive(state)).toBe(true);
  });

  it('tokenizing: tells how far the data of a starting run is, until it starts', () => {
    const tokenizing: RunEvent = { runId, step: 0, type: 'tokenizing', done: 8192, total: 20_000 };
    const state = fold([tokenizing]);
    expect(state).toMatchObject({ phase: 'starting', tokenizing: { done: 8192, total: 20_000 } });
    expect(isActive(state)).toBe(true);
    expect(fold([tokenizing, started]).tokenizing).toBeNull();
  });

  it('compiling: tells how many programs are compiled, until the first evaluation', () => {
    const compiling: RunEvent = { runId, step: 0, type: 'compiling', done: 3, total: 29 };
    expect(fold([started, compiling])).toMatchObject({ phase: 'running', compiling: { done: 3, total: 29 } });
    const evaluation: RunEvent = { runId, step: 0, type: 'evaluation', report: report(0.6), seconds: 1 };
    expect(fold([started, compiling, evaluation]).compiling).toBeNull();
  });

  it('cancelled: as if no run had been asked for', () => {
    const tokenizing: RunEvent = { runId, step: 0, type: 'tokenizing', done: 0, total: 20_000 };
    expect(fold([tokenizing, { runId, step: 0, type: 'cancelled' }])).toEqual(idleRun);
  });

  it('step: appends to the curves and keeps the latest metrics', () => {
    const state = fold([started, step(1, 4), step(2, 2)]);
    expect(state.step).toBe(2);
    expect(losses(state)).toEqual([4, 2]);
    expect(state.latest?.['train/loss']).toBe(2);
    expect(state.clock.latest).toMatchObject({ step: 2, active: 2000 });
  });

  it('step: leaves the state before it untouched', () => {
    const before = fold([started, step(1)]);
    const frozen = structuredClone({ ...before, curves: losses(before) });
    expect(losses(reduce(before, step(2, 7), 9000))).toEqual([1, 7]);
    expect({ ...before, curves: losses(before) }).toEqual(frozen);
    expect(losses(reduce(before, step(2, 8), 9000))).toEqual([1, 8]);
  });

  it('evaluation: is kept with its step', () => {
    const state = fold([started, { runId, step: 0, type: 'evaluation', report: report(0.6), seconds: 1 }]);
    expect(state.evaluations.map((each) => each.step)).toEqual([0]);
  });

  it('paused and resumed: stop the clock in between and answer what was asked', () => {
    const paused = fold([{ runId, step: 0, type: 'paused' }], { ...fold([started]), asked: 'pause' });
    expect(paused).toMatchObject({ phase: 'paused', asked: null });
    expect(paused.clock.pausedAt).toBe(1000);
    const resumed = reduce({ ...paused, asked: 'resume' }, { runId, step: 0, type: 'resumed' }, 6000);
    expect(resumed).toMatchObject({ phase: 'running', asked: null });
    expect(resumed.clock).toMatchObject({ pausedAt: null, pausedFor: 5000 });
  });

  it('paused: a stop that was asked for stays asked for', () => {
    const paused = reduce({ ...fold([started]), asked: 'stop' }, { runId, step: 0, type: 'paused' }, 2000);
    expect(paused.asked).toBe('stop');
  });

  it('finished: keeps the outcome and stops the clock', () => {
    const end: RunEvent = {
      runId,
      step: 2,
      type: 'finished',
      reason: 'stopped',
      seconds: 2,
      before: report(0.6),
      after: report(0.8),
      best: { step: 2, value: 0.8 },
      keptStep: 2,
    };
    const state = fold([started, step(1), step(2), end]);
    expect(state.phase).toBe('finished');
    expect(state.outcome).toMatchObject({ reason: 'stopped', best: { step: 2, value: 0.8 }, keptStep: 2 });
    expect(state.clock.endedAt).toBe(4000);
    expect(isActive(state)).toBe(false);
  });

  it('finished early: knows which weights were kept', () => {
    const end: RunEvent = {
      runId,
      step: 3,
      type: 'finished',
      reason: 'early',
      seconds: 2,
      before: report(0.6),
      after: report(0.8),
      best: { step: 1, value: 0.8 },
      keptStep: 1,
    };
    expect(fold([started, step(3), end]).outcome).toMatchObject({ reason: 'early', keptStep: 1 });
  });

  it('failed: keeps the problem and the curves', () => {
    const problem = { code: 'unexpected', params: { reason: 'x' } } as const;
    const state = fold([started, step(1), { runId, step: 1, type: 'failed', problem }]);
    expect(state).toMatchObject({ phase: 'failed', problem });
    expect(state.curves.length).toBe(1);
    expect(failRun(state, problem, 1).problem).toBe(problem);
  });

  it('passes over events of another run', () => {
    const state = fold([started]);
    expect(reduce(state, { ...step(1), runId: 'b' }, 5000)).toBe(state);
    expect(reduce(idleRun, step(1), 0)).toBe(idleRun);
  });
});
