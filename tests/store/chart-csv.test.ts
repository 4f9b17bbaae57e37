/** What charts hand out as CSV, read back by another parser. */
import papa from 'papaparse';
import { expect, it } from 'vitest';
import { histogramBins, type RunEvent } from '../../src/contract/run.ts';
import { confusionCsv, curvesCsv, distributionsCsv, metricCsv } from '../../src/store/chart-csv.ts';
import { type ShownRun, shownRuns } from '../../src/store/overlays.ts';
import { reduce, startingRun } from '../../src/store/run.ts';
import { type Synthetic, syntheticEvents, syntheticMetrics } from '../support/synthetic-run.ts';

const read = (csv: string) => papa.parse<string[]>(csv, { skipEmptyLines: true }).data;

function shown(run: Synthetic, events: Iterable<RunEvent> = syntheticEvents(run)): ShownRun {
  let state = startingRun(run.runId);
  for (const event of events) state = reduce(state, event, 0);
  return shownRuns(state, [])[0]!;
}

const first: Synthetic = { runId: 'first', steps: 1500, evaluateEvery: 100, shift: 0, early: null };
const second: Synthetic = { runId: 'second', steps: 900, evaluateEvery: 150, shift: 0.5, early: null };

it('holds every recorded value of the range, to the last bit', () => {
  const [head, ...rows] = read(curvesCsv([shown(first)], 'train/loss', [401, 1400]));
  expect(head).toEqual(['step', 'train/loss']);
  expect(rows).toHaveLength(1000);
  for (const [step, value] of rows) {
    expect(Number(value)).toBe(syntheticMetrics(Number(step), first)['train/loss']);
  }
  expect([rows[0]![0], rows.at(-1)![0]]).toEqual(['401', '1400']);
});

it('puts other runs beside it, by step', () => {
  const runs = [shown(first), { ...shown(second), name: 'a "fast", one' }];
  const [head, ...rows] = read(curvesCsv(runs, 'train/grad_norm', [0, 1500]));
  expect(head).toEqual(['step', 'train/grad_norm', 'train/grad_norm (a "fast", one)']);
  expect(rows).toHaveLength(1500);
  expect(
    rows
      .slice(0, 900)
      .every(([step, , value]) => Number(value) === syntheticMetrics(Number(step), second)['train/grad_norm']),
  ).toBe(true);
  expect(rows.slice(900).every(([, , value]) => value === '')).toBe(true);

  const [, ...figures] = read(metricCsv(runs, 'eval/spearman_cosine', [0, 450]));
  expect(figures.map(([step]) => Number(step))).toEqual([0, 100, 150, 200, 300, 400, 450]);
  expect(figures.map(([, own, other]) => [own !== '', other !== ''])).toEqual([
    [true, true],
    [true, false],
    [false, true],
    [true, false],
    [true, true],
    [true, false],
    [false, true],
  ]);
});

it('gives no spreadsheet a formula to run', () => {
  const labels = ['=HYPERLINK("http://x")', '＋1', 'plain'];
  const [head, ...rows] = read(
    confusionCsv({
      labels,
      counts: [
        [3, 1, 0],
        [0, 2, 1],
        [1, 0, 4],
      ],
    }),
  );
  expect(head).toEqual(['gold', `'${labels[0]}`, "'＋1", 'plain']);
  expect(rows.map(([, ...counts]) => counts.map(Number))).toEqual([
    [3, 1, 0],
    [0, 2, 1],
    [1, 0, 4],
  ]);
});

it('gives the counts of every bin', () => {
  const bins = (seed: number) => Array.from({ length: histogramBins }, (_, i) => (i * seed) % 7);
  const [now, before] = [
    { positives: bins(1), negatives: bins(2) },
    { positives: bins(3), negatives: bins(4) },
  ];
  const [, ...rows] = read(distributionsCsv(now, before));
  expect(rows).toHaveLength(histogramBins);
  expect(rows[0]!.slice(0, 2)).toEqual(['-1', '-0.99']);
  for (const [i, [, , ...counts]] of rows.entries()) {
    const all = [now.positives, now.negatives, before.positives, before.negatives];
    expect(counts.map(Number)).toEqual(all.map((each) => each[i]));
  }
});
