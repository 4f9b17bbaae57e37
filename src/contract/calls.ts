/** The page's calls to the worker: each name with what goes in and what comes back. */
import type { Role, RunConfig } from './catalogue.ts';
import type { DataPlan, ReadOptions, Slot, TableSummary } from './data.ts';
import type { Problem } from './problems.ts';
import type { BackendInfo, BackendName, RunEvent } from './run.ts';

/** Where a model comes from: a preset of the studio, or a zip on the user's disk. */
export type ModelSource = { kind: 'preset'; name: string } | { kind: 'file'; file: File };

/** The loaded model in figures. */
export type ModelSummary = {
  name: string;
  parameters: number;
  layers: number;
  hidden: number;
  heads: number;
  vocabulary: number;
  maxPositions: number;
  /** Pooling and length an exported model brings with it. */
  pooling: RunConfig['pooling'] | null;
  maxLength: number | null;
};

export type Calls = {
  /** Starts the device; null chooses by the adapter. Must come first. */
  startEngine: { params: { backend: BackendName | null }; result: BackendInfo };
  readData: { params: { slot: Slot; file: File; options: ReadOptions }; result: TableSummary };
  setRoles: { params: { slot: Slot; roles: Role[] }; result: TableSummary };
  clearData: { params: { slot: Slot }; result: null };
  planData: { params: { config: RunConfig }; result: DataPlan };
  /** All rows left out, as CSV: line, reason, and the row's own cells. `language` is that of the reasons. */
  problemsCsv: { params: { slot: Slot; language: 'en' | 'zh' }; result: Blob };
  loadModel: { params: { source: ModelSource }; result: ModelSummary };
  /** Answers when the run has ended; its events come beside. */
  startRun: { params: { runId: string; config: RunConfig }; result: null };
  pauseRun: { params: null; result: null };
  resumeRun: { params: null; result: null };
  /** Ends the run after the step in progress, with an evaluation; the weights are kept. */
  stopRun: { params: null; result: null };
  /** A sentence-transformers folder as one zip. */
  exportModel: { params: null; result: { file: Blob; name: string } };
  /** Normalised embeddings `[texts, hidden]`, row after row, by the model as it is now and as it was loaded. */
  embed: {
    params: { texts: string[]; config: RunConfig };
    result: { now: Float32Array; before: Float32Array; hidden: number };
  };
};

export type CallName = keyof Calls;

export type Request = { [K in CallName]: { id: number; name: K; params: Calls[K]['params'] } }[CallName];

/** An error as it crosses the thread. */
export type WireError = { name: string; message: string; stack: string; problem: Problem };

export type Reply =
  | { kind: 'result'; id: number; result: Calls[CallName]['result'] }
  | { kind: 'error'; id: number; error: WireError }
  | { kind: 'event'; event: RunEvent };
