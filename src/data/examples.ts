/** Table and column roles -> examples: trimmed texts, a label and a similarity; rows that cannot be used are listed. */

import type { RowProblem, ScoreRange } from '../contract/data.ts';
import type { Role } from '../contract/objectives.ts';
import { type Problem, problem } from '../contract/problems.ts';
import { collectClasses, isUnlabelled, labelSimilarity, meanSimilarity, numberLabels } from './labels.ts';
import { detectScoreRange, parseScore } from './scores.ts';
import type { Table } from './table.ts';

export type Example = {
  sentence1: string;
  /** null where no column has that role. */
  sentence2: string | null;
  /** One for each column with that role. */
  negatives: string[];
  /** As written; null without a column of labels. */
  label: string | null;
  /** Similarity 0…1 from the row's score, or from its label where all labels stand for one; else null. */
  score: number | null;
  /** Line of the file on which the row starts, from 1. */
  line: number;
};

export type ExampleSet = {
  examples: Example[];
  problems: RowProblem[];
  /** What scores were rescaled from; 0 to 1 for labels that stand for a similarity; null without either. */
  scoreRange: ScoreRange | null;
  /** The labels in use, in the order of their class numbers; null without a column of labels, or with too many of them. */
  classes: string[] | null;
  /** Rows left out because they have no label. */
  unlabelled: number;
};

/** The negatives of every example without any. */
const none: string[] = [];

/** All texts of an example: sentence1, then sentence2 if there is one, then the negatives. */
export function listTexts({ sentence1, sentence2, negatives }: Example): string[] {
  return sentence2 === null ? [sentence1, ...negatives] : [sentence1, sentence2, ...negatives];
}

/** The labels of all rows with text and label. */
const listLabels = (rows: Table['rows'], labelled: number, texts: readonly number[]) =>
  rows
    .filter((row) => texts.every((column) => row[column]?.trim()))
    .map((row) => (row[labelled] as string).trim())
    .filter((label) => !isUnlabelled(label));

/**
 * Builds the examples. A row without text in a used column, without a label or with one that no other row has, with an
 * unreadable score, or with a score outside the range of the others, is left out and listed. Similarity comes from the
 * score rather than the label; without sentence2 neither has a meaning and neither is read.
 * @param roles one a column; of a role that may stand once, the first column counts
 */
export function buildExamples(table: Pick<Table, 'columns' | 'rows' | 'lines'>, roles: readonly Role[]): ExampleSet {
  const problems: RowProblem[] = [];
  const first = roles.indexOf('sentence1');
  if (first === -1) return { examples: [], problems, scoreRange: null, classes: null, unlabelled: 0 };
  const second = roles.indexOf('sentence2');
  const negative = roles.flatMap((role, column) => (role === 'negative' ? [column] : []));
  const texts = second === -1 ? [first, ...negative] : [first, second, ...negative];
  const scored = second === -1 ? -1 : roles.indexOf('score');
  const labelled = second === -1 ? -1 : roles.indexOf('label');
  const name = (column: number) => table.columns[column] as string;

  const classes = labelled === -1 ? null : collectClasses(listLabels(table.rows, labelled, texts));
  const numberOf = classes && numberLabels(classes);
  const similar = scored === -1 && classes !== null && meanSimilarity(classes);

  /** The example in a row, or why there is none. */
  const readRow = (row: readonly string[], line: number): Example | Problem => {
    const read = (column: number) => (row[column] as string).trim();
    const missing = texts.find((column) => !read(column));
    if (missing !== undefined) return problem('row-missing-text', { column: name(missing) });
    const label = numberOf ? read(labelled) : null;
    if (numberOf && label !== null) {
      if (isUnlabelled(label)) return problem('row-unlabelled', { value: label, column: name(labelled) });
      if (numberOf(label) === undefined) return problem('row-bad-label', { value: label });
    }
    const score = scored === -1 ? null : parseScore(read(scored));
    if (scored !== -1 && score === null) {
      return problem('row-bad-score', { value: read(scored), column: name(scored) });
    }
    return {
      sentence1: read(first),
      sentence2: second === -1 ? null : read(second),
      negatives: negative.length ? negative.map(read) : none,
      label,
      score: similar && label !== null ? labelSimilarity(label) : score,
      line,
    };
  };

  const examples: Example[] = [];
  table.rows.forEach((row, i) => {
    const line = table.lines[i] as number;
    const made = readRow(row, line);
    if ('code' in made) problems.push({ line, problem: made });
    else examples.push(made);
  });
  const unlabelled = problems.filter(({ problem: { code } }) => code === 'row-unlabelled').length;
  const set: ExampleSet = { examples, problems, scoreRange: similar ? { low: 0, high: 1 } : null, classes, unlabelled };
  return scored === -1 ? set : rescale(set);
}

/** Brings scores from their detected range to 0…1 and moves those outside it to the problems. */
function rescale(set: ExampleSet): ExampleSet {
  const { examples, problems } = set;
  const range = detectScoreRange(examples.map(({ score }) => score as number));
  if (!range) return set;
  const { low, high } = range;
  const inside: Example[] = [];
  for (const example of examples) {
    const value = example.score as number;
    if (value < low || value > high) {
      problems.push({ line: example.line, problem: problem('row-score-range', { value, low, high }) });
      continue;
    }
    example.score = high > low ? (value - low) / (high - low) : 1;
    inside.push(example);
  }
  problems.sort((a, b) => a.line - b.line);
  return { ...set, examples: inside, scoreRange: range };
}
