/** Runs as they are kept on the device, in a table that outlives the page. */
import type { ModelSource } from './calls.ts';
import type { RunConfig } from './catalogue.ts';
import type { ReadOptions } from './data.ts';
import type { MetricName } from './metrics.ts';
import type { Role } from './objectives.ts';
import type { Problem } from './problems.ts';
import type { BackendName, EvaluationReport, StepMetrics } from './run.ts';

/** `interrupted`: the page went away while it ran; it can continue from its checkpoint. */
type RunStatus = 'running' | 'completed' | 'stopped' | 'early' | 'failed' | 'interrupted';

/** A run without its curves. */
export type RunEntry = {
  id: string;
  /** Empty until the user gives one. */
  name: string;
  note: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  status: RunStatus;
  config: RunConfig;
  model: string;
  backend: BackendName;
  data: { train: string; evaluation: string | null; trainExamples: number; evaluationPairs: number };
  step: number;
  totalSteps: number;
  stepsPerEpoch: number;
  seconds: number;
  /** The metric that says how good the model is, and its value of the untrained model, of the latest evaluation and of the best. */
  primary: MetricName | null;
  before: number | null;
  latest: number | null;
  best: { step: number; value: number } | null;
  /** The step whose weights the model had at the end; null before. */
  keptStep: number | null;
  problem: Problem | null;
  /** Step of its checkpoint; null where there is none. */
  checkpoint: number | null;
  /** Bytes of the weights that are kept of it; null where they are not. */
  weights: number | null;
};

/** What of a step is kept. */
export const curveNames = [
  'train/loss',
  'train/learning_rate',
  'train/grad_norm',
  'speed/tokens_per_second',
  'speed/step_seconds',
] as const satisfies readonly (keyof StepMetrics)[];

type CurveName = (typeof curveNames)[number];

/** Every step of a run: arrays of one length. */
export type RunCurves = { step: Float64Array; epoch: Float64Array } & Record<CurveName, Float64Array>;

export type KeptEvaluation = { step: number; epoch: number; report: EvaluationReport; seconds: number };

export type RunDetail = { entry: RunEntry; curves: RunCurves; evaluations: KeptEvaluation[] };

/** A table as it was read: the file, how, and what its columns are. */
export type KeptTable = { file: File; options: ReadOptions; roles: Role[] };

/** What a run was made from, so that it can be made again. */
export type RunInputs = { train: KeptTable; evaluation: KeptTable | null; model: ModelSource };
