/** What the screen knows: one plain object, changed only by the actions beside it. */

import type { DownloadProgress, ModelJudgement, ModelSource, ModelSummary } from '../contract/calls.ts';
import { defaultConfig, type OptionName } from '../contract/catalogue.ts';
import type { DataPlan, ReadOptions, Slot, TableSummary } from '../contract/data.ts';
import type { DataHealth } from '../contract/health.ts';
import type { HubId } from '../contract/hub-id.ts';
import type { ObjectiveName, Role } from '../contract/objectives.ts';
import type { Problem } from '../contract/problems.ts';
import type { BackendInfo, Prediction } from '../contract/run.ts';
import type { Link } from './link.ts';
import { type Drafts, draftsOf } from './options.ts';
import type { ShownRun } from './overlays.ts';
import { idleRun, type RunState } from './run.ts';
import { emptyQueue, type QueueState } from './runs/queue.ts';
import { freshRuns, type RunsState } from './runs/state.ts';
import { freshTrial, type TrialState } from './try/state.ts';

/** The way the user walks, in order. */
export const steps = ['data', 'model', 'objective', 'train', 'evaluate', 'try', 'export'] as const;
export type Step = (typeof steps)[number];

/** What the middle of the page shows: a step of the way, or the runs so far. */
export type View = Step | 'runs';

/** A table that was removed, with what it takes to bring it back. */
type Removed = { file: File; options: ReadOptions; roles: Role[] };

/** One of the two tables. The last table stays while another is being read. */
export type SlotState = {
  reading: boolean;
  file: File | null;
  options: ReadOptions;
  table: TableSummary | null;
  removed: Removed | null;
};

type ModelState = {
  phase: 'none' | 'loading' | 'ready';
  source: ModelSource | null;
  summary: ModelSummary | null;
  /** The objective of the run that its weights come from; null while they are those that were loaded. */
  trainedBy: ObjectiveName | null;
};

/** A hub model that this browser keeps, so that it need not be downloaded again. */
type CachedModel = { repository: string; bytes: number };

/** One base model of the comparison. */
export type ComparisonRow = {
  key: string;
  source: ModelSource;
  state: 'waiting' | 'busy' | 'done' | 'failed';
  judgement: ModelJudgement | null;
  problem: Problem | null;
};

type ComparisonState = {
  /** Models that the user added by their name on the hub. */
  added: readonly HubId[];
  /** Keys of the models to be judged. */
  chosen: ReadonlySet<string>;
  busy: boolean;
  rows: readonly ComparisonRow[];
};

/** Where an error is shown: beside what caused it. */
export type Place = Slot | 'plan' | 'model' | 'hub' | 'run' | 'export' | 'try' | 'evaluate' | 'runs';

/** Dropped files that need a word from the user. */
type Intake = { kind: 'which-slot'; file: File } | { kind: 'too-many'; count: number };

export type Studio = {
  view: View;
  engine: { phase: 'starting' | 'ready' | 'failed'; info: BackendInfo | null; problem: Problem | null };
  slots: Record<Slot, SlotState>;
  /** Kept while the next one is on its way; `planning` says so. */
  plan: DataPlan | null;
  planning: boolean;
  /** What stands out in the data; null while it is not known. */
  health: DataHealth | null;
  model: ModelState;
  /** What is being downloaded, for the model or for the comparison. */
  download: DownloadProgress | null;
  cached: readonly CachedModel[];
  comparison: ComparisonState;
  /** Every option as the user typed it. */
  drafts: Drafts;
  /** The options that the user has set; of the others, some follow the data. */
  chosen: ReadonlySet<OptionName>;
  run: RunState;
  /** Other runs that the charts draw over the current one. */
  overlays: readonly ShownRun[];
  /** Those kept on this device. */
  runs: RunsState;
  /** Runs that are to follow. */
  queue: QueueState;
  /** What the address of the page said of options and model. */
  link: Link | null;
  exporting: boolean;
  exported: boolean;
  trial: TrialState;
  /** The pairs that the model judged worst at the end of a run; null while they are not known. */
  predictions: { runId: string; pairs: readonly Prediction[] } | null;
  errors: Partial<Record<Place, Problem>>;
  intake: Intake | null;
};

const emptySlot: SlotState = { reading: false, file: null, options: {}, table: null, removed: null };

export const noModel: ModelState = { phase: 'none', source: null, summary: null, trainedBy: null };
const emptyComparison: ComparisonState = { added: [], chosen: new Set(), busy: false, rows: [] };

/** The studio as a fresh page shows it. */
export const freshStudio: Studio = {
  view: 'data',
  engine: { phase: 'starting', info: null, problem: null },
  slots: { train: emptySlot, evaluation: emptySlot },
  plan: null,
  planning: false,
  health: null,
  model: noModel,
  download: null,
  cached: [],
  comparison: emptyComparison,
  drafts: draftsOf(defaultConfig),
  chosen: new Set(),
  run: idleRun,
  overlays: [],
  runs: freshRuns,
  queue: emptyQueue,
  link: null,
  exporting: false,
  exported: false,
  trial: freshTrial,
  predictions: null,
  errors: {},
  intake: null,
};

export { emptySlot };
