/** Text that arrives in pieces -> lines, and the readers that need nothing but lines: plain text and literal delimited rows. */
import type { Problem } from '../contract/problems.ts';

/** Takes a file's text piece by piece. `end` hands over what the last piece left unfinished. */
export type TextReader = { push(text: string): void; end(): void };

/** Takes what a reader finds. `line` is the line of the file, from 1, on which the row starts. */
export type RowSink = {
  row(cells: string[], line: number): void;
  bad(problem: Problem, line: number, cells: string[]): void;
};

/** Whether a row holds nothing, as spreadsheets leave behind; such rows are passed over in silence. */
export const isBlank = (cells: readonly string[]) => cells.every((cell) => !cell.trim());

/** Calls `take` with each line, without its `\n`, and its number from 1. A last line without `\n` counts; an empty one does not. */
export function readLines(take: (line: string, number: number) => void): TextReader {
  let pieces: string[] = [];
  let number = 1;
  const finish = (piece: string) => {
    const line = pieces.length ? pieces.join('') + piece : piece;
    pieces = [];
    take(line, number++);
  };
  return {
    push(text) {
      let start = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        finish(text.slice(start, end));
        start = end + 1;
      }
      if (start < text.length) pieces.push(text.slice(start));
    },
    end() {
      if (pieces.length) finish('');
    },
  };
}

/** Plain text: each line that is not blank is a row of one cell. */
export function readPlainText(sink: RowSink): TextReader {
  return readLines((line, number) => {
    if (line.trim()) sink.row([line], number);
  });
}

/** What the quotation marks in a file without quoting look like; see {@link looksQuoted}. */
export type QuoteCounts = { wrapped: number; opened: number; closed: number; bare: number };

function countQuotes(cell: string, counts: QuoteCounts): void {
  const opens = cell.startsWith('"');
  const closes = cell.length > 1 && cell.endsWith('"');
  const inner = cell.slice(opens ? 1 : 0, closes ? -1 : undefined);
  if (inner.replaceAll('""', '').includes('"') || !(opens || closes)) counts.bare++;
  else if (opens && closes) counts.wrapped++;
  else if (opens) counts.opened++;
  else counts.closed++;
}

/** Delimited text in which quotation marks mean nothing: every line is a row. Counts what the marks look like. */
export function readLiteral(delimiter: string, sink: RowSink): TextReader & { counts: QuoteCounts } {
  const counts: QuoteCounts = { wrapped: 0, opened: 0, closed: 0, bare: 0 };
  const lines = readLines((line, number) => {
    const cells = line.split(delimiter);
    if (line.includes('"')) for (const cell of cells) if (cell.includes('"')) countQuotes(cell, counts);
    if (!isBlank(cells)) sink.row(cells, number);
  });
  return { ...lines, counts };
}

/**
 * Whether the marks could come from a program that quotes: cells wrapped whole, with marks inside doubled. Such a program
 * never leaves a mark in the middle of an unquoted cell, and cells cut by a line end come as an opening and a closing part.
 */
export function looksQuoted({ wrapped, opened, closed, bare }: QuoteCounts): boolean {
  const proper = wrapped + Math.min(opened, closed);
  const improper = bare + Math.abs(opened - closed);
  return proper > 0 && improper * 10 <= proper;
}
