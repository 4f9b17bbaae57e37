/** What happens during a run, as the worker tells it. Every event names its run and its step. */
import type { RunConfig } from './catalogue.ts';
import type { Figures, MetricName } from './metrics.ts';
import type { Problem } from './problems.ts';

export type BackendName = 'webgpu' | 'wasm';

/** The device that trains, and why it was chosen. */
export type BackendInfo = {
  name: BackendName;
  /** Adapter in the browser's words, e.g. “apple metal-3”; empty on WASM. */
  adapter: string;
  software: boolean;
  reason: 'hardware-adapter' | 'forced' | 'no-webgpu' | 'no-adapter' | 'software-adapter';
  /** Threads that compute; null on WebGPU. */
  threads: number | null;
};

/** Counts over equal bins from −1 to 1. */
export type Histogram = number[];

export const histogramBins = 200;

/** How often each label was predicted for each gold label. */
export type Confusion = {
  labels: string[];
  /** `counts[gold][predicted]`. */
  counts: number[][];
};

/** What an evaluation found. */
export type EvaluationReport = {
  /** The metric that says how good the model is; more of it is better. */
  primary: MetricName;
  metrics: Figures;
  /** Pairs (or rows) judged. */
  pairs: number;
  /** Cosines (of a cross-encoder: predicted scores) of pairs that mean the same and of pairs that do not; null for classifiers. */
  distributions: { positives: Histogram; negatives: Histogram } | null;
  /** Of classifiers only. */
  confusion: Confusion | null;
};

/** One judged pair: what the data says of it and what the model says. */
export type Prediction = {
  text1: string;
  text2: string;
  /** A similarity 0 … 1, or a label. */
  gold: number | string;
  predicted: number | string;
  /** Absolute difference of similarities; of a label, 1 − the probability given to the gold one. */
  error: number;
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
> & {
  /** What the gradients were multiplied by; only where activations are stored in 16 bits. */ 'train/loss_scale'?: number;
};

export type RunEvent = {
  runId: string;
  step: number;
} /** Rows of tokens that are there, before a run on much data starts. */ & (
  | { type: 'tokenizing'; done: number; total: number }
  /** Programs of the device that are compiled, once a run has started on WebGPU. */
  | { type: 'compiling'; done: number; total: number }
  /** Stopped before its first step; the model is as it was. */
  | { type: 'cancelled' }
  | {
      /** `step` is 0, or that of the checkpoint which the run continues from. */
      type: 'started';
      config: RunConfig;
      totalSteps: number;
      stepsPerEpoch: number;
      trainExamples: number;
      evaluationPairs: number;
    }
  | { type: 'step'; epoch: number; metrics: StepMetrics }
  | { type: 'evaluation'; report: EvaluationReport; seconds: number }
  /** A checkpoint of the step lies on the device: the run can continue from it. */
  | { type: 'saved' }
  /** There was no room for a checkpoint; the run goes on, and the checkpoint before stays. */
  | { type: 'unsaved' }
  | { type: 'paused' }
  | { type: 'resumed' }
  | {
      type: 'finished';
      reason: 'completed' | 'stopped' | 'early';
      seconds: number;
      before: EvaluationReport;
      after: EvaluationReport;
      best: { step: number; value: number } | null;
      /** The step whose weights the model has now: the last, or the best where that was asked for. */
      keptStep: number;
    }
  | { type: 'failed'; problem: Problem }
);
