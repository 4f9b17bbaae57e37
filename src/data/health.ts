/** Walks once over each table and tells what a person would want to know of it: duplicates, leaks, labels, scripts. */
import type { Slot } from '../contract/data.ts';
import type { DataHealth, HealthFinding, RowExample, Script } from '../contract/health.ts';
import { type Example, listTexts } from './examples.ts';
import { type Fingerprint, fingerprint, joinHashes } from './fingerprint.ts';
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

type Tally = { count: number; example: RowExample };
type Kind = 'duplicates' | 'near-duplicates' | 'conflicts' | 'identical' | 'leak' | 'shared' | 'short';

/** What a walk over one table has seen so far. Rows and texts are known by their hashes. */
type Walk = {
  slot: Slot;
  examples: readonly Example[];
  tallies: Map<Kind, Tally>;
  scripts: Map<Script, Tally>;
  exactRows: HashTable;
  looseRows: HashTable;
  looseTexts: HashTable;
  texts: number;
  longest: { example: Example; text: string } | null;
};

type Row = { at: number; example: Example; texts: string[]; prints: Fingerprint[] };

function beginWalk(slot: Slot, examples: readonly Example[]): Walk {
  const first = examples[0];
  return {
    slot,
    examples,
    tallies: new Map(),
    scripts: new Map(),
    exactRows: createHashTable(examples.length),
    looseRows: createHashTable(examples.length),
    looseTexts: createHashTable(first ? examples.length * listTexts(first).length : 0),
    texts: 0,
    longest: null,
  };
}

/** Counts what was found; the first row of its kind is the example. */
function note<K>(
  tallies: Map<K, Tally>,
  kind: K,
  { line }: Example,
  texts: string[],
  other: RowExample['other'] = null,
): void {
  const tally = tallies.get(kind);
  if (tally) tally.count++;
  else tallies.set(kind, { count: 1, example: { line, texts, other } });
}

function readTexts(walk: Walk, { at, example, texts, prints }: Row): void {
  walk.texts += texts.length;
  texts.forEach((text, i) => {
    const { letters, script, loose } = prints[i] as Fingerprint;
    walk.looseTexts.add(loose, at);
    if (letters < fewestLetters) note(walk.tallies, 'short', example, [text]);
    if (script) note(walk.scripts, script, example, [text]);
    if (text.length > (walk.longest?.text.length ?? 0)) walk.longest = { example, text };
  });
  if (prints.length > 1 && prints[0]?.exact === prints[1]?.exact)
    note(walk.tallies, 'identical', example, texts.slice(0, 2));
}

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

const hashesOf = (prints: readonly Fingerprint[], kind: 'exact' | 'loose') => prints.map((print) => print[kind]);

/** Sets a row against those before it. */
function compareRow(walk: Walk, { at, example, texts, prints }: Row): void {
  const exact = rowKey(hashesOf(prints, 'exact'), example);
  const loose = rowKey(hashesOf(prints, 'loose'), example);
  const twin = walk.exactRows.get(exact);
  const before = walk.examples[twin === -1 ? walk.looseRows.get(loose) : twin];
  if (before) {
    const same = twin === -1 ? 'near-duplicates' : 'duplicates';
    const kind = disagree(before, example) ? 'conflicts' : same;
    note(walk.tallies, kind, example, texts, { line: before.line, slot: walk.slot });
  }
  walk.exactRows.add(exact, at);
  walk.looseRows.add(loose, at);
}

/** Sets an evaluation row against the training data. */
function compareWithTraining({ tallies }: Walk, { example, texts, prints }: Row, train: Walk): void {
  const twin = train.examples[train.looseRows.get(rowKey(hashesOf(prints, 'loose'), example))];
  if (twin) {
    note(tallies, 'leak', example, texts, { line: twin.line, slot: 'train' });
    return;
  }
  const shared = prints.findIndex((print) => train.looseTexts.get(print.loose) !== -1);
  if (shared !== -1) note(tallies, 'shared', example, [texts[shared] as string]);
}

/** Walks over one table; `train` is the walk over the training data, where this is not it. Null where it was stopped. */
async function walkOver(
  slot: Slot,
  examples: readonly Example[],
  train: Walk | null,
  isStopped: () => boolean,
): Promise<Walk | null> {
  const breathe = createBreather();
  const walk = beginWalk(slot, examples);
  for (const [at, example] of examples.entries()) {
    if (at % stride === 0) {
      await breathe();
      if (isStopped()) return null;
    }
    const texts = listTexts(example);
    const row = { at, example, texts, prints: texts.map(fingerprint) };
    readTexts(walk, row);
    compareRow(walk, row);
    if (train) compareWithTraining(walk, row, train);
  }
  return walk;
}

function findingsOf({ slot, examples, tallies, scripts, texts }: Walk): HealthFinding[] {
  const total = examples.length;
  const findings: HealthFinding[] = [...tallies].map(([kind, tally]) => ({
    kind,
    slot,
    total: kind === 'short' ? texts : total,
    ...tally,
  }));
  const imbalance = findImbalance(countLabels(examples));
  if (imbalance) findings.push({ kind: 'imbalance', slot, total, ...imbalance });
  const mixed = findMixture(scripts, texts);
  if (mixed) findings.push({ kind: 'scripts', slot, total: texts, ...mixed });
  return findings;
}

/** Several scripts among the texts, with a text of the second commonest. */
function findMixture(scripts: ReadonlyMap<Script, Tally>, total: number) {
  const least = Math.max(scriptCount, scriptShare * total);
  const shares = [...scripts].filter(([, { count }]) => count >= least).sort(([, a], [, b]) => b.count - a.count);
  const second = shares[1]?.[1];
  if (!second) return null;
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
  const own = await walkOver('train', train, null, isStopped);
  const other = own && evaluation ? await walkOver('evaluation', evaluation, own, isStopped) : null;
  if (!own || (evaluation && !other)) return null;
  const findings = [...findingsOf(own), ...(other ? findingsOf(other) : [])];
  findings.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const longest = own.longest && { line: own.longest.example.line, texts: [own.longest.text], other: null };
  return { findings, longest };
}
