/** What the worker says about the user's data: plain descriptions that the page draws. */
import type { Role } from './catalogue.ts';
import type { Problem } from './problems.ts';

/** Training data, or the user's own evaluation file. */
export type Slot = 'train' | 'evaluation';

/** A row that is left out, with the line of the file it starts on (first line: 1). */
export type RowProblem = { line: number; problem: Problem };

/** How a file was read. `header` and `delimiter` are guesses that the user may overrule. */
export type TableSummary = {
  name: string;
  format: 'delimited' | 'jsonl' | 'text';
  /** Empty for JSONL and plain text. */
  delimiter: string;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
  header: boolean;
  columns: { name: string; role: Role }[];
  rowCount: number;
  /** The first 50 rows, each with as many cells as there are columns. */
  preview: { line: number; cells: string[] }[];
};

/** How a file is to be read where the guess is overruled. */
export type ReadOptions = { header?: boolean; delimiter?: string };

/** Score range found in the file; scores are rescaled from it to 0…1. */
export type ScoreRange = { low: number; high: number };

/** A file seen through its column roles. */
export type SlotPlan = {
  /** Rows that can be used. */
  usable: number;
  scoreRange: ScoreRange | null;
  /** Rows left out: how many, and the first 100. */
  problemCount: number;
  problems: RowProblem[];
};

/** What a run on the data, as it stands, would train and evaluate. */
export type DataPlan = {
  train: SlotPlan;
  evaluation: SlotPlan | null;
  /** Examples the objective trains on: rows, or sentences for SimCSE. */
  trainExamples: number;
  /** Usable rows that this objective passes over (MNRL: score below the positive limit). */
  passedOver: number;
  evaluationPairs: number;
  evaluationSource: 'file' | 'held-out' | 'none';
  /** Whether evaluation pairs carry scores or labels; otherwise negatives are other rows' positives. */
  evaluationScored: boolean;
  stepsPerEpoch: number;
  totalSteps: number;
  /** Lengths in tokens, of up to 2,000 training sentences; `counts[i]` are those of `i·width` to `(i+1)·width − 1` tokens. */
  lengths: {
    width: number;
    counts: number[];
    sampled: number;
    median: number;
    longest: number;
    truncatedShare: number;
  };
  /** Why Train cannot start on this data, if so. */
  blocked: Problem | null;
};
