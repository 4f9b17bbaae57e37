/** The benchmark's rows as Markdown. */
import type { Row } from './measure.ts';
import { models } from './models.ts';

/** Three significant digits, without an exponent. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: digits });
}

const orDash = (value: number | null, scale = 1): string => (value === null ? '–' : figure(value * scale));

function markdown(head: readonly string[], texts: number, lines: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column < texts ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Where the row stands beside Embedsmith's first one of the same workload: how many times as long its step takes. */
function timesOurs(row: Row, rows: readonly Row[]): string {
  const isPeer = (other: Row) =>
    other.engine === 'embedsmith' &&
    other.model === row.model &&
    other.pairs === row.pairs &&
    other.tokens === row.tokens &&
    other.lengths === row.lengths;
  const peers = rows.filter(isPeer);
  const ours = peers.find(({ backend }) => backend === row.backend) ?? peers[0];
  return ours ? figure(row.milliseconds / ours.milliseconds) : '–';
}

export function renderRows(rows: readonly Row[]): string {
  const head = [
    'model',
    'batch',
    'lengths',
    'engine',
    'backend',
    'ms a step',
    '× Embedsmith',
    'tokens/s',
    'TFLOP/s',
    '% of peak',
    'dispatches',
    'MB',
    'JS ms',
    'first step ms',
  ];
  const lines = rows.map((row) => [
    models[row.model].title,
    `${row.pairs} × ${row.tokens}`,
    row.lengths,
    row.engine,
    row.backend,
    figure(row.milliseconds),
    timesOurs(row, rows),
    figure(row.tokensPerSecond),
    figure(row.tflops),
    orDash(row.shareOfPeak, 100),
    orDash(row.dispatches),
    orDash(row.bytes, 1e-6),
    orDash(row.jsMilliseconds),
    figure(row.firstStepMilliseconds),
  ]);
  return markdown(head, 5, lines);
}

/** The kernels of each row's step that has them, longest first. */
export function renderKernels(rows: readonly Row[]): string {
  return rows
    .flatMap(({ kernels, engine, backend, model, pairs, tokens }) => {
      if (!kernels) return [];
      const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      const lines = kernels
        .toSorted((a, b) => b.milliseconds - a.milliseconds)
        .map(({ kernel, calls, milliseconds }) => [
          kernel,
          String(calls),
          figure(milliseconds),
          figure((100 * milliseconds) / total),
        ]);
      const title = `${engine}, ${backend}, ${models[model].title} ${pairs} × ${tokens}`;
      return [`${title}\n\n${markdown(['kernel', 'calls', 'ms', '%'], 1, lines)}`];
    })
    .join('\n\n');
}
