/** A run as the screen sees it: `reduce` folds the worker's events into it, one after the other. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { Problem } from '../contract/problems.ts';
import type { EvaluationReport, RunEvent, StepMetrics } from '../contract/run.ts';
import { type Clock, markEvaluation, markPause, markResume, markStep, stoppedClock } from './clock.ts';
import { appendStep, type Curves, noCurves } from './curves.ts';
import { addEvaluation, type Evaluation } from './evaluations.ts';
import { unwatched, type Watch, watchRun } from './hints.ts';

type RunPhase = 'idle' | 'starting' | 'running' | 'paused' | 'finished' | 'failed';

/** How the run ended. */
export type Outcome = {
  reason: 'completed' | 'stopped' | 'early';
  seconds: number;
  before: EvaluationReport;
  after: EvaluationReport;
  best: { step: number; value: number } | null;
  /** The step whose weights the model has now. */
  keptStep: number;
};

export type RunState = {
  id: string | null;
  phase: RunPhase;
  /** What the user asked for and the worker has not answered yet. */
  asked: 'pause' | 'resume' | 'stop' | null;
  /** How far the data of a run that starts is; null where there is too little of it to tell. */
  tokenizing: { done: number; total: number } | null;
  /** How many programs of the device are compiled, while they are. */
  compiling: { done: number; total: number } | null;
  config: RunConfig | null;
  totalSteps: number;
  stepsPerEpoch: number;
  trainExamples: number;
  evaluationPairs: number;
  step: number;
  epoch: number;
  /** The step of the latest checkpoint; null while there is none. */
  savedStep: number | null;
  /** Whether there was no room for a later one. */
  storageFull: boolean;
  /** Every step so far. */
  curves: Curves;
  /** Of the latest step; a run that was read back has only what its curves hold. */
  latest: Partial<StepMetrics> | null;
  evaluations: readonly Evaluation[];
  outcome: Outcome | null;
  problem: Problem | null;
  clock: Clock;
  /** What hints are read from. */
  watch: Watch;
};

export const idleRun: RunState = {
  id: null,
  phase: 'idle',
  asked: null,
  tokenizing: null,
  compiling: null,
  config: null,
  totalSteps: 0,
  stepsPerEpoch: 0,
  trainExamples: 0,
  evaluationPairs: 0,
  step: 0,
  epoch: 0,
  savedStep: null,
  storageFull: false,
  curves: noCurves,
  latest: null,
  evaluations: [],
  outcome: null,
  problem: null,
  clock: stoppedClock,
  watch: unwatched,
};

/** A run that has been asked for: nothing of the run before it remains. */
export function startingRun(id: string): RunState {
  return { ...idleRun, id, phase: 'starting' };
}

/** Whether the worker is busy with this run. */
export function isActive({ phase }: RunState): boolean {
  return phase === 'starting' || phase === 'running' || phase === 'paused';
}

/** The run after an event that arrived at `at` (milliseconds). Events of another run change nothing. */
export function reduce(state: RunState, event: RunEvent, at: number): RunState {
  if (event.runId !== state.id) return state;
  switch (event.type) {
    case 'tokenizing':
      return { ...state, tokenizing: { done: event.done, total: event.total } };
    case 'compiling':
      return { ...state, compiling: { done: event.done, total: event.total } };
    case 'cancelled':
      return idleRun;
    case 'started': {
      const { config, totalSteps, stepsPerEpoch, trainExamples, evaluationPairs } = event;
      const clock = { ...state.clock, startedAt: at };
      return {
        ...state,
        phase: 'running',
        tokenizing: null,
        config,
        totalSteps,
        stepsPerEpoch,
        trainExamples,
        evaluationPairs,
        clock,
        watch: watchRun(state.watch, event),
      };
    }
    case 'step': {
      const { step, epoch, metrics } = event;
      return {
        ...state,
        step,
        epoch,
        latest: metrics,
        curves: appendStep(state.curves, step, metrics),
        clock: markStep(state.clock, step, at),
        watch: watchRun(state.watch, event),
      };
    }
    case 'evaluation': {
      const { step, report, seconds } = event;
      return {
        ...state,
        compiling: null,
        evaluations: addEvaluation(state.evaluations, { step, report, seconds }),
        clock: markEvaluation(state.clock, step, seconds, at),
      };
    }
    case 'saved':
      return { ...state, savedStep: event.step, storageFull: false };
    case 'unsaved':
      return { ...state, storageFull: true };
    case 'paused':
      return { ...state, phase: 'paused', asked: keepStop(state), clock: markPause(state.clock, at) };
    case 'resumed':
      return { ...state, phase: 'running', asked: keepStop(state), clock: markResume(state.clock, at) };
    case 'finished': {
      const { reason, seconds, before, after, best, keptStep } = event;
      const outcome = { reason, seconds, before, after, best, keptStep };
      const clock = { ...markResume(state.clock, at), endedAt: at };
      return { ...state, phase: 'finished', asked: null, outcome, clock };
    }
    case 'failed':
      return failRun(state, event.problem, at);
  }
}

/** The run, ended by a problem; its curves stay. */
export function failRun(state: RunState, problem: Problem, at: number): RunState {
  return { ...state, phase: 'failed', asked: null, problem, clock: { ...markResume(state.clock, at), endedAt: at } };
}

/** A stop that was asked for stays asked for until the run ends. */
function keepStop({ asked }: RunState): RunState['asked'] {
  return asked === 'stop' ? asked : null;
}
