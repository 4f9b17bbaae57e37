/** How evenly labels, or the same-or-not of pairs, are spread over the rows. */
import type { RowExample } from '../contract/health.ts';
import type { Example } from './examples.ts';
import { listTexts } from './examples.ts';

/** From this many times as many rows on, the commonest label drowns the rarest. */
const largestRatio = 5;

/** With fewer rows the ratio is chance. */
const fewestRows = 30;

/** More values than this are a scale rather than labels. */
const mostLabels = 100;

type Counts = ReadonlyMap<string, { count: number; example: Example }>;

/** How often each label stands, or each score where there are but two. */
export function countLabels(examples: readonly Example[]): Counts {
  const counts = new Map<string, { count: number; example: Example }>();
  for (const example of examples) {
    const label = example.label ?? (example.score === 0 || example.score === 1 ? String(example.score) : null);
    if (label === null) return new Map();
    const entry = counts.get(label) ?? { count: 0, example };
    counts.set(label, entry);
    entry.count++;
    if (counts.size > mostLabels) return new Map();
  }
  return counts;
}

type Imbalance = {
  count: number;
  example: RowExample;
  most: { label: string; count: number };
  least: { label: string; count: number };
};

/** The commonest and the rarest label where they lie far apart, with a row of the rarest; else null. */
export function findImbalance(counts: Counts): Imbalance | null {
  const sorted = [...counts].sort(([, a], [, b]) => b.count - a.count);
  const rows = sorted.reduce((sum, [, { count }]) => sum + count, 0);
  const [most, least] = [sorted[0], sorted.at(-1)];
  if (!most || !least || rows < fewestRows || most[1].count < largestRatio * least[1].count) return null;
  const { example } = least[1];
  return {
    count: most[1].count,
    example: { line: example.line, texts: listTexts(example), other: null },
    most: { label: most[0], count: most[1].count },
    least: { label: least[0], count: least[1].count },
  };
}
