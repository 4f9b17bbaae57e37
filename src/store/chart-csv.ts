/** What a chart shows, as CSV (RFC 4180): every recorded value of a range of steps, not the points that are drawn. */
import type { MetricName } from '../contract/metrics.ts';
import { type Confusion, histogramBins } from '../contract/run.ts';
import { type CurveName, indexFrom, stepAt, valueAt } from './curves.ts';
import { type Distributions, edge } from './histogram.ts';
import type { ShownRun } from './overlays.ts';
import type { Range } from './range.ts';

type Cell = string | number | null;

/** One run's values by ascending step. */
type Column = { name: string; length: number; step: (i: number) => number; value: (i: number) => number | null };

/** Names are the user's: quoted where they need it, and never a formula to a spreadsheet (OWASP, CSV injection). */
function writeCell(cell: Cell): string {
  if (cell === null || typeof cell === 'number') return cell === null ? '' : String(cell);
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const writeRow = (cells: readonly Cell[]) => `${cells.map(writeCell).join(',')}\r\n`;

/** The columns beside each other, a row for every step that any of them has. */
function mergeColumns(columns: readonly Column[], [from, to]: Range): string {
  const at = columns.map(({ length, step }) => {
    let first = 0;
    while (first < length && step(first) < from) first++;
    return first;
  });
  const rows = [writeRow(['step', ...columns.map(({ name }) => name)])];
  for (;;) {
    const nexts = columns.map(({ length, step }, c) => (at[c]! < length ? step(at[c]!) : Number.POSITIVE_INFINITY));
    const step = Math.min(...nexts);
    if (step > to || step === Number.POSITIVE_INFINITY) return rows.join('');
    const cells = columns.map(({ value }, c) => (nexts[c] === step ? value(at[c]!++) : null));
    rows.push(writeRow([step, ...cells]));
  }
}

/** The first run's column bears the figure's name alone, those laid over it the run's name too. */
const nameColumn = (figure: string, runs: readonly ShownRun[], run: ShownRun) =>
  run === runs[0] ? figure : `${figure} (${run.name})`;

/** One curve of every run. */
export function curvesCsv(runs: readonly ShownRun[], name: CurveName, range: Range): string {
  const columns = runs.map((run): Column => {
    const skipped = indexFrom(run.curves, range[0]);
    return {
      name: nameColumn(name, runs, run),
      length: run.curves.length - skipped,
      step: (i) => stepAt(run.curves, skipped + i),
      value: (i) => valueAt(run.curves, name, skipped + i),
    };
  });
  return mergeColumns(columns, range);
}

/** One metric of every run's evaluations. */
export function metricCsv(runs: readonly ShownRun[], name: MetricName, range: Range): string {
  const columns = runs.map((run) => ({
    name: nameColumn(name, runs, run),
    length: run.evaluations.length,
    step: (i: number) => run.evaluations[i]!.step,
    value: (i: number) => run.evaluations[i]!.report.metrics[name] ?? null,
  }));
  return mergeColumns(columns, range);
}

/** Counts of pairs by bin: of the evaluation shown, and of the untrained model. */
export function distributionsCsv(shown: Distributions, before: Distributions): string {
  const head = ['from', 'to', 'positives', 'negatives', 'positives_before', 'negatives_before'];
  const bin = (i: number) => Number(edge(i).toFixed(6));
  const rows = Array.from({ length: histogramBins }, (_, i) =>
    writeRow([
      bin(i),
      bin(i + 1),
      shown.positives[i]!,
      shown.negatives[i]!,
      before.positives[i]!,
      before.negatives[i]!,
    ]),
  );
  return writeRow(head) + rows.join('');
}

/** Rows by gold label, columns by predicted label. */
export function confusionCsv({ labels, counts }: Confusion): string {
  return writeRow(['gold', ...labels]) + labels.map((label, i) => writeRow([label, ...counts[i]!])).join('');
}
