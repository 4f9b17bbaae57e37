/** The user's tables and what a run would make of them: training examples, evaluation pairs, rows left out. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { DataFacts, DataPlan, ReadOptions, RowProblem, Slot, SlotPlan, TableSummary } from '../contract/data.ts';
import type { DataHealth } from '../contract/health.ts';
import { objectiveOf, type Role, roles as roleTexts } from '../contract/objectives.ts';
import { fail, type Problem, problem } from '../contract/problems.ts';
import type { KeptTable, RunInputs } from '../contract/runs.ts';
import { whyNot } from '../contract/suitability.ts';
import { type EvaluationPairs, makeEvaluationPairs } from '../data/evaluation-pairs.ts';
import type { TrainingExamples } from '../data/example-columns.ts';
import { buildExamples, type Example, type ExampleSet } from '../data/examples.ts';
import { describeFacts } from '../data/facts.ts';
import { checkHealth } from '../data/health.ts';
import { keepKnownLabels } from '../data/labels.ts';
import { writeProblemsCsv } from '../data/problems-csv.ts';
import { readTable } from '../data/read-table.ts';
import { guessRoles } from '../data/roles.ts';
import { splitHeldOut } from '../data/split.ts';
import type { Table } from '../data/table.ts';
import { buildTrainingExamples } from '../data/training-examples.ts';

const previewRows = 50;
const problemsShown = 100;

/** More held-out rows than this only make each evaluation slow. */
const mostHeldOut = 2000;

type Loaded = { file: File; options: ReadOptions; table: Table; roles: Role[]; built: ExampleSet; facts: DataFacts };

type Split = ReturnType<typeof splitHeldOut>;

/** What was made of the tables last, and of what; made again only when something in the key has changed. */
type Divided = { key: unknown[]; split: Split; evaluation: EvaluationPairs; unknown: RowProblem[] };
type Built = ReturnType<typeof buildTrainingExamples> & { key: unknown[] };

const isSame = (made: { key: unknown[] } | null, key: unknown[]) => made?.key.every((part, i) => part === key[i]);

export type PreparedData = {
  examples: TrainingExamples;
  /** The labels in the order of the class numbers that are targets and labels here; null without labels. */
  classes: string[] | null;
  evaluation: EvaluationPairs;
  /** All of the plan that does not need a tokenizer. */
  plan: Omit<DataPlan, 'stepsPerEpoch' | 'totalSteps' | 'lengths'>;
  files: { train: string; evaluation: string | null };
};

function summarize({ table, roles, facts }: Loaded): TableSummary {
  const { name, format, delimiter, encoding, header, expanded, columns, rows, lines } = table;
  return {
    name,
    format,
    delimiter,
    encoding,
    header,
    columns: columns.map((column, i) => ({ name: column, role: roles[i]! })),
    expanded,
    facts,
    rowCount: rows.length,
    preview: rows.slice(0, previewRows).map((cells, i) => ({ line: lines[i]!, cells })),
  };
}

function load(read: Pick<Loaded, 'file' | 'options' | 'table'>, roles: Role[]): Loaded {
  const built = buildExamples(read.table, roles);
  return { ...read, roles, built, facts: describeFacts(built, roles) };
}

/** The rows left out of a table: `more` are those that the other table's labels rule out. */
const listProblems = ({ table, built }: Loaded, more: readonly RowProblem[] = []) =>
  [...table.problems, ...built.problems, ...more].sort((a, b) => a.line - b.line);

function describeSlot(loaded: Loaded, unknown: readonly RowProblem[] = []): SlotPlan {
  const problems = listProblems(loaded, unknown);
  const { examples, scoreRange, unlabelled } = loaded.built;
  return {
    usable: examples.length - unknown.length,
    scoreRange,
    unlabelled,
    problemCount: problems.length,
    problems: problems.slice(0, problemsShown),
  };
}

/** What keeps the objective from training on this data, or null. */
function findBlock(
  { objective }: RunConfig,
  { roles, facts }: Loaded,
  examples: number,
  own: Loaded | null,
  evaluation: EvaluationPairs,
): Problem | null {
  if (!roles.includes('sentence1')) {
    const { label } = objectiveOf(objective);
    return problem('data-missing-role', { objective: label, role: roleTexts.sentence1.label });
  }
  const unsuited = whyNot(objective, facts);
  if (unsuited) return unsuited;
  if (own && evaluation.gold.length === 0) return problem('evaluation-unusable', { file: own.table.name });
  if (own && objective === 'cross-encoder' && facts.classes && !evaluation.labels)
    return problem('evaluation-unlabelled', { file: own.table.name, labels: facts.classes.join(', ') });
  return examples < 2 ? problem('data-too-few', { count: examples, needed: 2 }) : null;
}

export function createDatasets() {
  const slots = new Map<Slot, Loaded>();
  const get = (slot: Slot) => slots.get(slot) ?? fail('no-data', {});

  let divided: Divided | null = null;
  let built: Built | null = null;
  let lastCheck = 0;

  /** Puts a table in its slot (null takes it away); what was made of the one before is let go. */
  function put(slot: Slot, loaded: Loaded | null): void {
    if (loaded) slots.set(slot, loaded);
    else slots.delete(slot);
    divided = null;
    lastCheck++;
    if (slot === 'train') built = null;
  }

  /**
   * What is trained on and what is evaluated. Where labels are what the model predicts, `unknown` are the rows of the
   * evaluation file with other labels.
   */
  function divide(train: Loaded, own: Loaded | null, { heldOutShare, seed, objective }: RunConfig): Divided {
    const { material } = objectiveOf(objective);
    const classes = material === 'classified-pairs' || material === 'judged-pairs' ? train.facts.classes : null;
    const key = [train, own, heldOutShare, seed, classes];
    if (divided && isSame(divided, key)) return divided;
    const rows = train.built.examples;
    const share = Math.min(heldOutShare, mostHeldOut / rows.length);
    const split =
      own || share === 0 || !train.facts.paired ? { train: rows, heldOut: [] } : splitHeldOut(rows, share, seed);
    const listed: Example[] = own ? own.built.examples : split.heldOut;
    const { known, unknown } = keepKnownLabels(listed, classes);
    divided = { key, split, evaluation: makeEvaluationPairs(known, seed, classes), unknown };
    return divided;
  }

  function build(train: Loaded, { train: rows }: Split, { objective, positiveScore }: RunConfig): Built {
    const { material } = objectiveOf(objective);
    const { classes } = train.facts;
    const key = [rows, material, classes, positiveScore];
    if (built && isSame(built, key)) return built;
    built = { key, ...buildTrainingExamples(material, rows, { classes, positiveScore }) };
    return built;
  }

  return {
    async read(slot: Slot, file: File, options: ReadOptions): Promise<TableSummary> {
      const table = await readTable(file, options);
      const loaded = load({ file, options, table }, guessRoles(table));
      put(slot, loaded);
      return summarize(loaded);
    },

    setRoles(slot: Slot, roles: Role[]): TableSummary {
      const loaded = load(get(slot), roles);
      put(slot, loaded);
      return summarize(loaded);
    },

    clear(slot: Slot): void {
      put(slot, null);
    },

    /** The files as they are, and how they were read. */
    inputs(): Omit<RunInputs, 'model'> {
      const keep = ({ file, options, roles }: Loaded): KeptTable => ({ file, options, roles });
      const own = slots.get('evaluation');
      return { train: keep(get('train')), evaluation: own ? keep(own) : null };
    },

    /** What stands out in the tables; null without training data, and where a table changed or another check was asked for. */
    health(): Promise<DataHealth | null> {
      const turn = ++lastCheck;
      const train = slots.get('train')?.built.examples;
      const own = slots.get('evaluation')?.built.examples ?? null;
      return train ? checkHealth(train, own, () => turn !== lastCheck) : Promise.resolve(null);
    },

    problemsCsv(slot: Slot, language: 'en' | 'zh'): Blob {
      const loaded = get(slot);
      const unknown = slot === 'evaluation' && divided?.key.includes(loaded) ? divided.unknown : [];
      const csv = writeProblemsCsv(loaded.table, listProblems(loaded, unknown), language);
      return new Blob([csv], { type: 'text/csv' });
    },

    /** @throws ProblemError where there is no training data */
    prepare(config: RunConfig): PreparedData {
      const train = get('train');
      const own = slots.get('evaluation') ?? null;
      const { split, evaluation, unknown } = divide(train, own, config);
      const { classes } = train.facts;
      const { examples, passedOver } = build(train, split, config);
      const pairs = evaluation.gold.length;
      return {
        examples,
        classes,
        evaluation,
        files: { train: train.table.name, evaluation: own?.table.name ?? null },
        plan: {
          train: describeSlot(train),
          evaluation: own && describeSlot(own, unknown),
          trainExamples: examples.count,
          passedOver,
          evaluationPairs: pairs,
          evaluationSource: pairs === 0 ? 'none' : own ? 'file' : 'held-out',
          evaluationKind: evaluation.kind,
          blocked: findBlock(config, train, examples.count, own, evaluation),
        },
      };
    },
  };
}
