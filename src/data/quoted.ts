/** Delimited text with quoting (CSV), piece by piece through Papa Parse, which does the parsing; this file only joins the pieces. */
import Papa from 'papaparse';
import { problem } from '../contract/problems.ts';
import { isBlank, type RowSink, type TextReader } from './lines.ts';

/** A quoted row over several lines that is longer than this, in characters, is taken for a forgotten closing mark. */
export const longestQuotedRow = 1 << 18;

/**
 * Reads quoted rows. A line end inside quotes is part of the cell. A row with a misplaced mark is reported with its first
 * line, and reading goes on at the next line, so that one forgotten mark costs one row and not all that follow.
 * The result does not depend on where the pieces are cut.
 */
export function readQuoted(delimiter: string, sink: RowSink): TextReader {
  let pieces: string[] = [];
  let line = 1;

  /** Parses the whole rows of `text`; returns the beginning of an unfinished last one. */
  const parse = (text: string, last: boolean): string => {
    let start = 0;
    while (start < text.length) {
      const from = start;
      let broken = false;
      const parser = new Papa.Parser({
        delimiter,
        newline: '\n',
        step: ({ data, errors, meta }) => {
          const end = from + meta.cursor;
          const firstEnd = text.indexOf('\n', start);
          const tooLong = end - start > longestQuotedRow && firstEnd !== -1 && firstEnd < end - 1;
          if (errors.length || tooLong) {
            broken = true;
            parser.abort();
            return;
          }
          const [cells] = data as string[][];
          // The parser's arrays have room for many more cells; copies do not.
          if (cells && !isBlank(cells)) sink.row(cells.slice(), line);
          for (let at = firstEnd; at !== -1 && at < end; at = text.indexOf('\n', at + 1)) line++;
          start = end;
        },
      });
      parser.parse(from ? text.slice(from) : text, 0, !last);
      const lineEnd = text.indexOf('\n', start);
      if (!broken && (last || lineEnd === -1 || text.length - start <= longestQuotedRow)) break;
      const stop = lineEnd === -1 ? text.length : lineEnd;
      sink.bad(problem('row-bad-quotes', {}), line, [text.slice(start, stop)]);
      line++;
      start = stop + 1;
    }
    return text.slice(start);
  };

  return {
    push(text) {
      pieces.push(text);
      // Without a line end no row can be complete: wait, so that a huge line is not read again and again.
      if (text.includes('\n')) pieces = [parse(pieces.join(''), false)];
    },
    end() {
      parse(pieces.join(''), true);
      pieces = [];
    },
  };
}
