/** The page's calls to the worker: each name with what goes in and what comes back. */
import type { RunConfig } from './catalogue.ts';
import type { DataPlan, ReadOptions, Slot, TableSummary } from './data.ts';
import type { ModelSizes } from './memory.ts';
import type { MetricGroup } from './metrics.ts';
import type { Role } from './objectives.ts';
import type { Problem } from './problems.ts';
import type { BackendInfo, BackendName, EvaluationReport, Prediction, RunEvent } from './run.ts';

/** Where a model comes from: a preset of the studio, a repository of the hub, or the user's disk. */
export type ModelSource =
  | { kind: 'preset'; name: string }
  /** `owner/name`, `owner/name@revision` or its page's address; the revision is a branch, tag or commit, `main` without. */
  | { kind: 'hub'; repository: string; revision?: string }
  /** A zip. */
  | { kind: 'file'; file: File }
  /** A folder's files, or loose ones, with their paths. */
  | { kind: 'files'; files: { path: string; file: File }[] };

/** Bytes that are there of all files of a model; `file` is the one that comes in. */
export type DownloadProgress = { file: string; loaded: number; total: number };

/** The loaded model in figures. */
export type ModelSummary = {
  name: string;
  parameters: number;
  layers: number;
  hidden: number;
  heads: number;
  vocabulary: number;
  maxPositions: number;
  /** What its memory follows from. */
  sizes: ModelSizes;
  /** Pooling, normalisation and length an exported model brings with it. */
  pooling: RunConfig['pooling'] | null;
  normalize: RunConfig['normalize'] | null;
  maxLength: number | null;
  /** Of a cross-encoder: its labels, or none for a score; null for encoders. */
  labels: string[] | null;
};

/** Two sentences, before training and now: their cosine, or a cross-encoder's score or label probabilities (`before`: null where its head is new). */
export type Trial =
  | { kind: 'cosine'; before: number; now: number }
  | { kind: 'score'; before: number | null; now: number }
  | { kind: 'classes'; labels: string[]; before: number[] | null; now: number[] };

/** A model judged before any training. */
export type ModelJudgement = {
  name: string;
  parameters: number;
  report: EvaluationReport;
  /** Of the evaluation; `sentencesPerSecond` by the distinct sentences embedded. */
  seconds: number;
  sentencesPerSecond: number;
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
  /** Tells of its downloads beside. */
  loadModel: { params: { source: ModelSource }; result: ModelSummary };
  /** Ends the download in progress; what has arrived is kept for the next time. */
  cancelLoad: { params: null; result: null };
  /** Models of the hub that lie on this device. */
  listCached: { params: null; result: { repository: string; bytes: number }[] };
  removeCached: { params: { repository: string }; result: null };
  /** Answers when the run has ended; its events come beside. */
  startRun: { params: { runId: string; config: RunConfig }; result: null };
  pauseRun: { params: null; result: null };
  resumeRun: { params: null; result: null };
  /** Ends the run after the step in progress, with an evaluation; the weights are kept. */
  stopRun: { params: null; result: null };
  /** A sentence-transformers folder as one zip. */
  exportModel: { params: null; result: { file: Blob; name: string } };
  /** What the model makes of two sentences, as it was loaded and as it is now. */
  tryPair: { params: { texts: readonly [string, string]; config: RunConfig }; result: Trial };
  /** Judges a model, as it comes, on the evaluation data; the loaded one is not touched. */
  judgeModel: { params: { source: ModelSource; config: RunConfig }; result: ModelJudgement };
  /** The evaluations of the last run, in the columns of sentence-transformers' evaluator for that group. */
  resultsCsv: { params: { group: MetricGroup }; result: Blob };
  /** Pairs of the last evaluation, those with the largest error first. */
  predictions: { params: { limit: number }; result: Prediction[] };
  predictionsCsv: { params: null; result: Blob };
};

export type CallName = keyof Calls;

export type Request = { [K in CallName]: { id: number; name: K; params: Calls[K]['params'] } }[CallName];

/** An error as it crosses the thread. */
export type WireError = { name: string; message: string; stack: string; problem: Problem };

export type Reply =
  | { kind: 'result'; id: number; result: Calls[CallName]['result'] }
  | { kind: 'error'; id: number; error: WireError }
  | { kind: 'event'; event: RunEvent }
  | { kind: 'download'; progress: DownloadProgress };
