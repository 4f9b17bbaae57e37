/** The page's calls to the worker: each name with what goes in and what comes back. */
import type { RunConfig } from './catalogue.ts';
import type { DataPlan, ReadOptions, Slot, TableSummary } from './data.ts';
import type { DataHealth } from './health.ts';
import type { ModelSizes } from './memory.ts';
import type { MetricGroup } from './metrics.ts';
import type { Role } from './objectives.ts';
import type { Problem } from './problems.ts';
import type { BackendInfo, BackendName, EvaluationReport, Prediction, RunEvent } from './run.ts';
import type { RunDetail, RunEntry, RunInputs } from './runs.ts';
import type {
  EmbeddingMap,
  MapMethod,
  Ranking,
  SamplePair,
  SimilarityMatrix,
  TokenView,
  TrialProgress,
} from './trials.ts';

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
  | {
      kind: 'cosine';
      before: number;
      now: number;
      /** What the classifier of the softmax objective says now; null without one. */
      classes: { labels: string[]; now: number[] } | null;
    }
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
  /** What stands out in the tables; null where they changed meanwhile. */
  checkData: { params: null; result: DataHealth | null };
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
  /** Answers when the run has ended; its events come beside. With `resume` it continues from its latest checkpoint. */
  startRun: { params: { runId: string; config: RunConfig; resume: boolean }; result: null };
  pauseRun: { params: null; result: null };
  resumeRun: { params: null; result: null };
  /** Ends the run after the step in progress, with an evaluation; `keep` says with which weights, null as configured. */
  stopRun: { params: { keep: 'best' | 'last' | null }; result: null };
  /** Runs kept on this device, the newest first. */
  listRuns: { params: null; result: RunEntry[] };
  openRun: { params: { id: string }; result: RunDetail };
  /** The files, and the model, that a run was made from. */
  runInputs: { params: { id: string }; result: RunInputs };
  changeRun: { params: { id: string; name?: string; note?: string }; result: RunEntry };
  /** Takes runs out of the list, or back into it; the next visit deletes them for good. */
  removeRuns: { params: { ids: readonly string[]; removed: boolean }; result: null };
  /** Puts the weights that were kept of a run on the loaded model, which must be the one it began with. */
  useRun: { params: { id: string }; result: null };
  /** Kept runs as one file, with their data and weights as asked, and the configuration of the form. */
  exportProject: {
    params: { ids: readonly string[]; data: boolean; weights: boolean; config: RunConfig | null };
    result: Blob;
  };
  /** Takes in those of its runs that are not there yet; `config` is that of the form it came from. */
  importProject: { params: { file: File }; result: { runs: number; config: RunConfig | null } };
  /** A sentence-transformers folder as one zip. */
  exportModel: { params: null; result: { file: Blob; name: string } };
  /** What the model makes of two sentences, as it was loaded and as it is now. Null where it was ended; so are the next three. */
  tryPair: { params: { texts: readonly [string, string]; config: RunConfig }; result: Trial | null };
  /** One query with each text. Tells of its progress beside. */
  rankTexts: { params: { query: string; texts: readonly string[]; config: RunConfig }; result: Ranking | null };
  /** Pairs of the data that mean the same, each first text with each second one. */
  similarityMatrix: { params: { count: number; config: RunConfig }; result: SimilarityMatrix | null };
  embeddingMap: { params: { method: MapMethod; config: RunConfig }; result: EmbeddingMap | null };
  /** How the tokenizer cuts a text; answered at any time. */
  viewTokens: { params: { text: string; config: RunConfig }; result: TokenView };
  /** Pairs of the evaluation data, or, where there is none, of the training data. */
  samplePairs: { params: { limit: number; config: RunConfig }; result: SamplePair[] };
  /** Ends what Try asked. */
  cancelTrial: { params: null; result: null };
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
  | { kind: 'download'; progress: DownloadProgress }
  | { kind: 'trial'; progress: TrialProgress };
