/** Walks once over each table and tells what a person would want to know of it: duplicates, leaks, labels, scripts. */
import type { DataHealth, HealthFinding, RowExample, Script } from '../contract/health.ts';
import type { Example } from './examples.ts';
import { listTexts } from './examples.ts';
import { fingerprint, joinHashes } from './fingerprint.ts';
import { createHashTable, type HashTable } from './hash-table.ts';
import { countLabels, findImbalance } from './health-labels.ts';
import { createBreather } from './next-task.ts';

/** Texts with fewer letters say nothing to a sentence encoder. */
const fewestLetters = 2;

/** Scores of the same texts that lie this far apart, on the scale 0…1, contradict each other. */
const scoreGap = 0.3;

/** A script other than the commonest is told of from so many texts and from this share of them. */
const scriptCount = 3;
const scriptShare = 0.005;

/** Rows between two looks at the clock. */
const stride = 512;

/** What a walk over the training data leaves for the one over the evaluation data. */
type Seen = { rows: HashTable; texts: HashTable; examples: readonly Example[] };

type Tally = { count: number; example: RowExample | null };
type Kind = 'duplicates' | 'near-duplicates' | 'conflicts' | 'identical' | 'leak' | 'shared' | 'short';

/** The pair, then the negatives. Without a label a pair may stand in either order; premise and hypothesis may not. */
function rowKey(hashes: readonly number[], { label }: Example): number {
  const [first = 0, second, ...rest] = hashes;
  if (second === undefined) return first;
  if (label !== null) return joinHashes(hashes);
  return joinHashes([Math.min(first, second), Math.max(first, second), ...rest]);
}

function disagree(one: Example, other: Example): boolean {
  if (one.label !== null && other.label !== null) return one.label !== other.label;
  return one.score !== null && other.score !== null && Math.abs(one.score - other.score) >= scoreGap;
}

/** Walks over one table; `train` is what the walk over the other one left. Null where it was stopped. */
async function walk(
  slot: 'train' | 'evaluation',
  examples: readonly Example[],
  train: Seen | null,
  isStopped: () => boolean,
): Promise<(DataHealth & { seen: Seen }) | null> {
  const breathe = createBreather();
  const tallies = new Map<Kind, Tally>();
  const scripts = new Map<Script, Tally>();
  const first = examples[0];
  const exactRows = createHashTable(examples.length);
  const looseRows = createHashTable(examples.length);
  const looseTexts = createHashTable(first ? examples.length * listTexts(first).length : 0);
  let longest: Example | null = null;
  let longestText = '';
  let texts = 0;

  const show = ({ line }: Example, shown: string[], other: RowExample['other'] = null): RowExample => ({
    line,
    texts: shown,
    other,
  });
  function note(kind: Kind, example: Example, shown: string[], other: RowExample['other'] = null): void {
    const tally = tallies.get(kind) ?? { count: 0, example: null };
    tallies.set(kind, tally);
    tally.count++;
    tally.example ??= show(example, shown, other);
  }

  for (let i = 0; i < examples.length; i++) {
    if (i % stride === 0) {
      await breathe();
      if (isStopped()) return null;
    }
    const example = examples[i] as Example;
    const own = listTexts(example);
    const prints = own.map(fingerprint);
    own.forEach((text, at) => {
      const { letters, script, loose } = prints[at] as (typeof prints)[number];
      texts++;
      looseTexts.add(loose, i);
      if (letters < fewestLetters) note('short', example, [text]);
      if (script) {
        const tally = scripts.get(script) ?? { count: 0, example: null };
        scripts.set(script, tally);
        tally.count++;
        tally.example ??= show(example, [text]);
      }
      if (text.length > longestText.length) [longest, longestText] = [example, text];
    });
    if (prints.length > 1 && prints[0]?.exact === prints[1]?.exact) note('identical', example, own.slice(0, 2));

    const hashesOf = (kind: 'exact' | 'loose') => prints.map((print) => print[kind]);
    const exact = rowKey(hashesOf('exact'), example);
    const loose = rowKey(hashesOf('loose'), example);
    const twin = exactRows.get(exact);
    const kin = looseRows.get(loose);
    const before = examples[twin === -1 ? kin : twin];
    if (before) {
      const other = { line: before.line, slot };
      if (disagree(before, example)) note('conflicts', example, own, other);
      else note(twin === -1 ? 'near-duplicates' : 'duplicates', example, own, other);
    }
    exactRows.add(exact, i);
    looseRows.add(loose, i);

    if (!train) continue;
    const trained = train.rows.get(loose);
    const twinThere = train.examples[trained];
    if (twinThere) note('leak', example, own, { line: twinThere.line, slot: 'train' });
    else {
      const at = prints.findIndex((print) => train.texts.get(print.loose) !== -1);
      if (at !== -1) note('shared', example, [own[at] as string]);
    }
  }

  const findings: HealthFinding[] = [];
  for (const [kind, { count, example }] of tallies)
    if (example) findings.push({ kind, slot, count, total: kind === 'short' ? texts : examples.length, example });
  const imbalance = findImbalance(countLabels(examples));
  if (imbalance) findings.push({ kind: 'imbalance', slot, total: examples.length, ...imbalance });
  const mixed = findMixture(scripts, texts);
  if (mixed) findings.push({ kind: 'scripts', slot, total: texts, ...mixed });

  const found: Example | null = longest;
  return {
    findings,
    longest: found && show(found, [longestText]),
    seen: { rows: looseRows, texts: looseTexts, examples },
  };
}

/** Several scripts among the texts, with a text of the second commonest. */
function findMixture(scripts: ReadonlyMap<Script, Tally>, total: number) {
  const least = Math.max(scriptCount, scriptShare * total);
  const shares = [...scripts].filter(([, { count }]) => count >= least).sort(([, a], [, b]) => b.count - a.count);
  const second = shares[1]?.[1];
  if (!second?.example) return null;
  const count = shares.slice(1).reduce((sum, [, tally]) => sum + tally.count, 0);
  return { count, example: second.example, shares: shares.map(([script, tally]) => ({ script, count: tally.count })) };
}

/** What comes first needs a person's eye most. */
const order: readonly HealthFinding['kind'][] = [
  'leak',
  'conflicts',
  'duplicates',
  'near-duplicates',
  'identical',
  'imbalance',
  'short',
  'shared',
  'scripts',
];

/**
 * Findings of the training rows and of those of an evaluation file (null: none). The thread answers its messages meanwhile.
 * @returns null where `isStopped` came true
 */
export async function checkHealth(
  train: readonly Example[],
  evaluation: readonly Example[] | null,
  isStopped: () => boolean,
): Promise<DataHealth | null> {
  const own = await walk('train', train, null, isStopped);
  const other = own && evaluation ? await walk('evaluation', evaluation, own.seen, isStopped) : null;
  if (!own || (evaluation && !other)) return null;
  const findings = [...own.findings, ...(other?.findings ?? [])];
  findings.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return { findings, longest: own.longest };
}
