/** What `project.json` in a project's zip looks like, and a check that a file is so. */
import * as v from 'valibot';
import type { ModelSource } from '../contract/calls.ts';
import type { RunConfig } from '../contract/catalogue.ts';
import { checkConfig } from '../contract/config.ts';
import type { KeptEvaluation, KeptTable, RunEntry, RunInputs } from '../contract/runs.ts';

/** A file of the zip, and what it was called. */
type PackedFile = { path: string; name: string };

export type PackedTable = Omit<KeptTable, 'file'> & { file: PackedFile };

export type PackedModel =
  | Extract<ModelSource, { kind: 'preset' | 'hub' }>
  | { kind: 'file'; file: PackedFile }
  | { kind: 'files'; files: { path: string; file: PackedFile }[] };

type PackedInputs = Record<Exclude<keyof RunInputs, 'model'>, unknown> & {
  train: PackedTable;
  evaluation: PackedTable | null;
  model: PackedModel;
};

export type PackedRun = { entry: RunEntry; evaluations: KeptEvaluation[]; inputs: PackedInputs | null };

export type Project = {
  format: 'embedsmith-project';
  version: 1;
  /** Of the form. */
  config: RunConfig | null;
  runs: PackedRun[];
};

const file = v.object({ path: v.string(), name: v.string() });
const table = v.object({ file, options: v.object({}), roles: v.array(v.string()) });
const number = v.nullable(v.number());

/** Ids become names of folders. */
const id = v.pipe(v.string(), v.regex(/^[\w-]+$/));

const entry = v.object({
  id,
  name: v.string(),
  note: v.string(),
  createdAt: v.number(),
  status: v.picklist(['running', 'completed', 'stopped', 'early', 'failed', 'interrupted']),
  config: v.custom<RunConfig>(
    (value) => typeof value === 'object' && value !== null && Object.keys(checkConfig(value as RunConfig)).length === 0,
  ),
  model: v.string(),
  backend: v.picklist(['webgpu', 'wasm']),
  data: v.object({
    train: v.string(),
    evaluation: v.nullable(v.string()),
    trainExamples: v.number(),
    evaluationPairs: v.number(),
  }),
  step: v.number(),
  totalSteps: v.number(),
  stepsPerEpoch: v.number(),
  seconds: v.number(),
  primary: v.nullable(v.string()),
  before: number,
  latest: number,
  best: v.nullable(v.object({ step: v.number(), value: v.number() })),
  keptStep: number,
  weights: number,
});

const evaluation = v.object({
  step: v.number(),
  epoch: v.number(),
  seconds: v.number(),
  report: v.object({ primary: v.string(), metrics: v.record(v.string(), number), pairs: v.number() }),
});

const model = v.variant('kind', [
  v.object({ kind: v.literal('preset'), name: v.string() }),
  v.object({ kind: v.literal('hub'), repository: v.string(), revision: v.optional(v.string()) }),
  v.object({ kind: v.literal('file'), file }),
  v.object({ kind: v.literal('files'), files: v.array(v.object({ path: v.string(), file })) }),
]);

const shape = v.object({
  format: v.literal('embedsmith-project'),
  version: v.literal(1),
  config: v.nullable(v.record(v.string(), v.unknown())),
  runs: v.array(
    v.object({
      entry,
      evaluations: v.array(evaluation),
      inputs: v.nullable(v.object({ train: table, evaluation: v.nullable(table), model })),
    }),
  ),
});

/** Whether JSON describes a project; what it holds beyond that is left as it is. */
export const isProject = (json: unknown): json is Project => v.is(shape, json);
