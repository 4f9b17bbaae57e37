/** What the screen knows: one plain object, changed only by the actions beside it. */

import type { ModelSource, ModelSummary } from '../contract/calls.ts';
import { defaultConfig, type OptionName, type Role } from '../contract/catalogue.ts';
import type { DataPlan, ReadOptions, Slot, TableSummary } from '../contract/data.ts';
import type { Problem } from '../contract/problems.ts';
import type { BackendInfo } from '../contract/run.ts';
import { type Drafts, draftsOf } from './options.ts';
import { idleRun, type RunState } from './run.ts';

/** The way the user walks, in order. */
export const steps = ['data', 'model', 'objective', 'train', 'evaluate', 'try', 'export'] as const;
export type Step = (typeof steps)[number];

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
};

/** Cosine of two sentences by the model as it was loaded and as it is now. */
export type Comparison = { texts: readonly [string, string]; before: number; now: number };

/** Where an error is shown: beside what caused it. */
export type Place = Slot | 'plan' | 'model' | 'run' | 'export' | 'try';

/** Dropped files that need a word from the user. */
type Intake = { kind: 'which-slot'; file: File } | { kind: 'too-many'; count: number };

export type Studio = {
  view: Step;
  engine: { phase: 'starting' | 'ready' | 'failed'; info: BackendInfo | null; problem: Problem | null };
  slots: Record<Slot, SlotState>;
  /** Kept while the next one is on its way; `planning` says so. */
  plan: DataPlan | null;
  planning: boolean;
  model: ModelState;
  /** Every option as the user typed it. */
  drafts: Drafts;
  /** The options that the user has set; of the others, some follow the data. */
  chosen: ReadonlySet<OptionName>;
  run: RunState;
  exporting: boolean;
  exported: boolean;
  trial: { texts: readonly [string, string]; busy: boolean; result: Comparison | null };
  errors: Partial<Record<Place, Problem>>;
  intake: Intake | null;
};

const emptySlot: SlotState = { reading: false, file: null, options: {}, table: null, removed: null };

/** The studio as a fresh page shows it. */
export const freshStudio: Studio = {
  view: 'data',
  engine: { phase: 'starting', info: null, problem: null },
  slots: { train: emptySlot, evaluation: emptySlot },
  plan: null,
  planning: false,
  model: { phase: 'none', source: null, summary: null },
  drafts: draftsOf(defaultConfig),
  chosen: new Set(),
  run: idleRun,
  exporting: false,
  exported: false,
  trial: { texts: ['', ''], busy: false, result: null },
  errors: {},
  intake: null,
};

export { emptySlot };
