/** JSONL -> rows: one object a line, whose keys become the columns, or one array a line. */
import { problem } from '../contract/problems.ts';
import { type RowSink, readLines, type TextReader } from './lines.ts';

/** A value as the text of a cell: nothing for null, JSON for what is nested. */
function writeCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The kind of a JSON value, for the message. */
const nameKind = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/**
 * Reads JSONL. The first line that parses decides between objects and arrays; lines of another kind, or broken ones, are
 * reported. `keys` is the union of the objects' keys in order of appearance, or null for arrays; a row may be shorter
 * than `keys` where later lines brought new ones.
 */
export function readJsonLines(sink: RowSink): TextReader & { keys(): string[] | null } {
  let kind = '';
  const places = new Map<string, number>();
  const lines = readLines((line, number) => {
    if (!line.trim()) return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      sink.bad(problem('row-bad-json', { reason: (error as Error).message }), number, [line]);
      return;
    }
    const found = nameKind(value);
    if (!kind && (found === 'object' || found === 'array')) kind = found;
    if (found !== kind) {
      sink.bad(problem('row-bad-json', { reason: found }), number, [line]);
    } else if (Array.isArray(value)) {
      sink.row(value.map(writeCell), number);
    } else {
      const entries = Object.entries(value as object);
      for (const [key] of entries) if (!places.has(key)) places.set(key, places.size);
      const cells = new Array<string>(places.size).fill('');
      for (const [key, content] of entries) cells[places.get(key) as number] = writeCell(content);
      sink.row(cells, number);
    }
  });
  return { ...lines, keys: () => (kind === 'object' ? [...places.keys()] : null) };
}
