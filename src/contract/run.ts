/** What happens during a run, as the worker tells it. Every event names its run and its step. */
import type { RunConfig } from './catalogue.ts';
import type { Problem } from './problems.ts';

export type BackendName = 'webgpu' | 'wasm';

/** The device that trains, and why it was chosen. */
export type BackendInfo = {
  name: BackendName;
  /** Adapter in the browser's words, e.g. “apple metal-3”; empty on WASM. */
  adapter: string;
  software: boolean;
  reason: 'hardware-adapter' | 'forced' | 'no-webgpu' | 'no-adapter' | 'software-adapter';
};

/** Counts over equal bins from −1 to 1. */
export type Histogram = number[];

export const histogramBins = 200;

/** What an evaluation found. Metric names carry their group before the slash. */
export type EvaluationReport = {
  /** The metric that says how good the model is. */
  primary: 'eval/spearman_cosine';
  greaterIsBetter: true;
  /** null where the data does not define it (no scored pairs, or all scores equal). */
  metrics: Record<
    'eval/spearman_cosine' | 'eval/pearson_cosine' | 'eval/positive_mean' | 'eval/negative_mean',
    number | null
  >;
  pairs: number;
  /** Cosines of pairs that mean the same (upper third of the score range). */
  positives: Histogram;
  /** Cosines of pairs that do not (lower third, or other rows' positives). */
  negatives: Histogram;
};

export type StepMetrics = Record<
  | 'train/loss'
  | 'train/learning_rate'
  | 'train/grad_norm'
  | 'speed/sentences_per_second'
  | 'speed/tokens_per_second'
  | 'speed/step_seconds'
  | 'memory/tensors'
  | 'memory/bytes',
  number
>;

export type RunEvent = { runId: string; step: number } & (
  | {
      type: 'started';
      config: RunConfig;
      totalSteps: number;
      stepsPerEpoch: number;
      trainExamples: number;
      evaluationPairs: number;
    }
  | { type: 'step'; epoch: number; metrics: StepMetrics }
  | { type: 'evaluation'; report: EvaluationReport; seconds: number }
  | { type: 'paused' }
  | { type: 'resumed' }
  | {
      type: 'finished';
      reason: 'completed' | 'stopped';
      seconds: number;
      before: EvaluationReport;
      after: EvaluationReport;
      best: { step: number; value: number } | null;
    }
  | { type: 'failed'; problem: Problem }
);
