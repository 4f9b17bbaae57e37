/** The user's tables and what a run would make of them: training examples, evaluation pairs, rows left out. */
import {
  type ObjectiveName,
  objectives,
  type Role,
  type RunConfig,
  roles as roleTexts,
} from '../contract/catalogue.ts';
import type { DataPlan, ReadOptions, Slot, SlotPlan, TableSummary } from '../contract/data.ts';
import { fail, type Problem, problem } from '../contract/problems.ts';
import { type EvaluationPairs, makeEvaluationPairs } from '../data/evaluation-pairs.ts';
import { buildExamples, type Example } from '../data/examples.ts';
import { writeProblemsCsv } from '../data/problems-csv.ts';
import { readTable } from '../data/read-table.ts';
import { guessRoles } from '../data/roles.ts';
import { splitHeldOut } from '../data/split.ts';
import type { Table } from '../data/table.ts';

const previewRows = 50;
const problemsShown = 100;

/** More held-out rows than this only make each evaluation slow. */
const mostHeldOut = 2000;

type Loaded = { table: Table; roles: Role[]; built: ReturnType<typeof buildExamples> };

type Split = ReturnType<typeof splitHeldOut>;

export type PreparedData = {
  /** The texts of each training example. */
  examples: string[][];
  evaluation: EvaluationPairs;
  /** All of the plan that does not need a tokenizer. */
  plan: Omit<DataPlan, 'stepsPerEpoch' | 'totalSteps' | 'lengths'>;
  files: { train: string; evaluation: string | null };
};

function summarize({ table, roles }: Loaded): TableSummary {
  const { name, format, delimiter, encoding, header, columns, rows, lines } = table;
  return {
    name,
    format,
    delimiter,
    encoding,
    header,
    columns: columns.map((column, i) => ({ name: column, role: roles[i]! })),
    rowCount: rows.length,
    preview: rows.slice(0, previewRows).map((cells, i) => ({ line: lines[i]!, cells })),
  };
}

function load(table: Table, roles: Role[]): Loaded {
  return { table, roles, built: buildExamples(table, roles) };
}

const rowProblems = ({ table, built }: Loaded) =>
  [...table.problems, ...built.problems].sort((a, b) => a.line - b.line);

function describeSlot(loaded: Loaded): SlotPlan {
  const problems = rowProblems(loaded);
  const { examples, scoreRange } = loaded.built;
  return {
    usable: examples.length,
    scoreRange,
    problemCount: problems.length,
    problems: problems.slice(0, problemsShown),
  };
}

/** The examples an objective trains on, and how many rows it passes over. */
function examplesFor(objective: ObjectiveName, rows: readonly Example[], positiveScore: number): [string[][], number] {
  if (objective === 'simcse') {
    const sentences = new Set(
      rows.flatMap(({ sentence1, sentence2 }) => (sentence2 === null ? [sentence1] : [sentence1, sentence2])),
    );
    return [Array.from(sentences, (sentence) => [sentence]), 0];
  }
  const pairs = rows.filter(({ sentence2, score }) => sentence2 !== null && (score === null || score >= positiveScore));
  const texts = pairs.map(({ sentence1, sentence2, negatives }) => [sentence1, sentence2!, ...negatives]);
  return [texts, rows.length - pairs.length];
}

/** What keeps the objective from training on this data, or null. */
function findBlock(
  objective: ObjectiveName,
  loaded: Loaded,
  examples: number,
  own: Loaded | null,
  pairs: number,
): Problem | null {
  const { label, needs } = objectives[objective];
  const missing = needs.find((role) => !loaded.roles.includes(role));
  if (missing) return problem('data-missing-role', { objective: label, role: roleTexts[missing].label });
  if (own && pairs === 0) return problem('evaluation-unusable', { file: own.table.name });
  return examples < 2 ? problem('data-too-few', { count: examples, needed: 2 }) : null;
}

export function createDatasets() {
  const slots = new Map<Slot, Loaded>();
  const get = (slot: Slot) => slots.get(slot) ?? fail('no-data', {});

  let divided: { key: unknown[]; split: Split; evaluation: EvaluationPairs } | null = null;

  /** What is trained on and what is evaluated; made again only when the tables, the share or the seed have changed. */
  function divide(train: Loaded, own: Loaded | null, { heldOutShare, seed }: RunConfig) {
    const key = [train, own, heldOutShare, seed];
    if (divided?.key.every((part, i) => part === key[i])) return divided;
    const rows = train.built.examples;
    const paired = rows.some(({ sentence2 }) => sentence2 !== null);
    const share = Math.min(heldOutShare, mostHeldOut / rows.length);
    const split = own || !paired ? { train: rows, heldOut: [] } : splitHeldOut(rows, share, seed);
    const evaluation = makeEvaluationPairs(own ? own.built.examples : split.heldOut, seed);
    divided = { key, split, evaluation };
    return divided;
  }

  return {
    async read(slot: Slot, file: File, options: ReadOptions): Promise<TableSummary> {
      const table = await readTable(file, options);
      const loaded = load(table, guessRoles(table));
      slots.set(slot, loaded);
      return summarize(loaded);
    },

    setRoles(slot: Slot, roles: Role[]): TableSummary {
      const loaded = load(get(slot).table, roles);
      slots.set(slot, loaded);
      return summarize(loaded);
    },

    clear(slot: Slot): void {
      slots.delete(slot);
    },

    problemsCsv(slot: Slot, language: 'en' | 'zh'): Blob {
      const loaded = get(slot);
      return new Blob([writeProblemsCsv(loaded.table, rowProblems(loaded), language)], { type: 'text/csv' });
    },

    /** @throws ProblemError where there is no training data */
    prepare(config: RunConfig): PreparedData {
      const train = get('train');
      const own = slots.get('evaluation') ?? null;
      const { split, evaluation } = divide(train, own, config);
      const [examples, passedOver] = examplesFor(config.objective, split.train, config.positiveScore);
      const pairs = evaluation.gold.length;
      return {
        examples,
        evaluation,
        files: { train: train.table.name, evaluation: own?.table.name ?? null },
        plan: {
          train: describeSlot(train),
          evaluation: own && describeSlot(own),
          trainExamples: examples.length,
          passedOver,
          evaluationPairs: pairs,
          evaluationSource: pairs === 0 ? 'none' : own ? 'file' : 'held-out',
          evaluationScored: evaluation.scored,
          blocked: findBlock(config.objective, train, examples.length, own, pairs),
        },
      };
    },
  };
}
