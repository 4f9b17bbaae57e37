/** Table and column roles -> examples: trimmed texts and a similarity from 0 to 1; rows that cannot be used are listed. */
import type { Role } from '../contract/catalogue.ts';
import type { RowProblem, ScoreRange } from '../contract/data.ts';
import { problem } from '../contract/problems.ts';
import { detectScoreRange, parseLabel, parseScore } from './scores.ts';
import type { Table } from './table.ts';

export type Example = {
  sentence1: string;
  /** null where no column has that role. */
  sentence2: string | null;
  /** One for each column with that role. */
  negatives: string[];
  /** Similarity 0…1 from the row's score or label; null where there is neither. */
  score: number | null;
  /** Line of the file on which the row starts, from 1. */
  line: number;
};

export type ExampleSet = {
  examples: Example[];
  problems: RowProblem[];
  /** What scores were rescaled from; 0 to 1 for labels; null without either. */
  scoreRange: ScoreRange | null;
};

/** All texts of an example: sentence1, then sentence2 if there is one, then the negatives. */
export function listTexts({ sentence1, sentence2, negatives }: Example): string[] {
  return sentence2 === null ? [sentence1, ...negatives] : [sentence1, sentence2, ...negatives];
}

/**
 * Builds the examples. A row without text in a used column, with an unreadable score or label, or with a score outside the
 * range of the others, is left out and listed. A score wins over a label; without sentence2 neither has a meaning and
 * neither is read.
 * @param roles one a column; of a role that may stand once, the first column counts
 */
export function buildExamples(table: Pick<Table, 'columns' | 'rows' | 'lines'>, roles: readonly Role[]): ExampleSet {
  const problems: RowProblem[] = [];
  const first = roles.indexOf('sentence1');
  if (first === -1) return { examples: [], problems, scoreRange: null };
  const second = roles.indexOf('sentence2');
  const negative = roles.flatMap((role, column) => (role === 'negative' ? [column] : []));
  const texts = second === -1 ? [first, ...negative] : [first, second, ...negative];
  const scored = second === -1 ? -1 : roles.indexOf('score');
  const labelled = second === -1 || scored !== -1 ? -1 : roles.indexOf('label');
  const rated = Math.max(scored, labelled);
  const name = (column: number) => table.columns[column] as string;

  const examples: Example[] = [];
  table.rows.forEach((row, i) => {
    const line = table.lines[i] as number;
    const read = (column: number) => (row[column] as string).trim();
    const missing = texts.find((column) => !read(column));
    if (missing !== undefined) {
      problems.push({ line, problem: problem('row-missing-text', { column: name(missing) }) });
      return;
    }
    let score: number | null = null;
    if (rated !== -1) {
      const value = read(rated);
      score = scored !== -1 ? parseScore(value) : parseLabel(value);
      if (score === null) {
        const wrong =
          scored !== -1
            ? problem('row-bad-score', { value, column: name(rated) })
            : problem('row-bad-label', { value });
        problems.push({ line, problem: wrong });
        return;
      }
    }
    examples.push({
      sentence1: read(first),
      sentence2: second === -1 ? null : read(second),
      negatives: negative.map(read),
      score,
      line,
    });
  });
  if (scored === -1) return { examples, problems, scoreRange: labelled === -1 ? null : { low: 0, high: 1 } };
  return rescale(examples, problems);
}

/** Brings scores from their detected range to 0…1 and moves those outside it to the problems. */
function rescale(examples: Example[], problems: RowProblem[]): ExampleSet {
  const range = detectScoreRange(examples.map(({ score }) => score as number));
  if (!range) return { examples, problems, scoreRange: null };
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
  return { examples: inside, problems, scoreRange: range };
}
