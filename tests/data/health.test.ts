/** What stands out in data: each finding on rows made for it, none on the samples, and a million rows in a moment. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DataHealth, HealthFinding } from '../../src/contract/health.ts';
import type { Role } from '../../src/contract/objectives.ts';
import { buildExamples } from '../../src/data/examples.ts';
import { fingerprint, joinHashes } from '../../src/data/fingerprint.ts';
import { checkHealth } from '../../src/data/health.ts';
import { readTable } from '../../src/data/read-table.ts';
import { guessRoles } from '../../src/data/roles.ts';

const pair: Role[] = ['sentence1', 'sentence2'];

const examplesOf = (rows: string[][], roles: Role[]) =>
  buildExamples({ columns: roles.map(String), rows, lines: rows.map((_, i) => i + 2) }, roles).examples;

async function check(train: string[][], roles: Role[] = pair, evaluation?: string[][]): Promise<DataHealth> {
  const own = evaluation ? examplesOf(evaluation, roles) : null;
  return (await checkHealth(examplesOf(train, roles), own, () => false))!;
}

const kindsOf = ({ findings }: DataHealth) => findings.map(({ kind }) => kind);
const find = <K extends HealthFinding['kind']>({ findings }: DataHealth, kind: K) =>
  findings.find((finding): finding is HealthFinding & { kind: K } => finding.kind === kind);

/** Rows with nothing to say about them. */
const plain = (count: number, name = 'plain') =>
  Array.from({ length: count }, (_, i) => [`${name} question number ${i}`, `${name} answer number ${i}`]);

describe('a fingerprint', () => {
  test('holds what a text is, with and without case, punctuation and spacing', () => {
    const one = fingerprint('Where is my parcel?');
    expect(fingerprint('Where is my parcel?')).toEqual(one);
    const other = fingerprint('  where IS my – parcel…');
    expect(other.exact).not.toBe(one.exact);
    expect(other.loose).toBe(one.loose);
    expect(fingerprint('where is myparcel').loose).not.toBe(one.loose);
    expect(fingerprint('ＷＨＥＲＥ is my parcel').loose).toBe(one.loose);
    expect(fingerprint('快递到哪了？').loose).toBe(fingerprint('快递到哪了').loose);
    expect(fingerprint('!!!').loose).not.toBe(fingerprint('???').loose);
  });

  test.each([
    ['Größe', 'latin', 5],
    ['快递', 'han', 4],
    ['寿司を食べる', 'kana', 12],
    ['한국어', 'hangul', 6],
    ['Привет мир', 'cyrillic', 9],
    ['مرحبا', 'arabic', 5],
    ['नमस्ते', 'devanagari', 4],
    ['42 %', null, 0],
    ['a快递单', 'han', 7],
    ['请用 LaTeX 排版', 'han', 13],
    ['the 快递 never came', 'latin', 16],
  ] as const)('%s is %s', (text, script, letters) => {
    expect(fingerprint(text)).toMatchObject({ script, letters });
  });

  test('two hundred thousand different texts have as many hashes', () => {
    const hashes = new Set<number>();
    for (let i = 0; i < 200_000; i++) hashes.add(fingerprint(`text ${i}`).loose);
    expect(hashes.size).toBe(200_000);
    for (const hash of hashes) expect(Number.isSafeInteger(hash)).toBe(true);
    expect(joinHashes([1, 2])).not.toBe(joinHashes([2, 1]));
  });
});

describe('findings', () => {
  test('of rows without fault: none', async () => {
    expect(await check(plain(50))).toMatchObject({ findings: [], longest: { line: 12 } });
  });

  test('duplicates, in either order of the pair; near-duplicates apart', async () => {
    const rows = [
      ...plain(40),
      ['plain answer number 3', 'plain question number 3'],
      ['Plain question, number 7!', 'plain answer number 7'],
    ];
    const health = await check(rows);
    expect(kindsOf(health)).toEqual(['duplicates', 'near-duplicates']);
    expect(find(health, 'duplicates')).toMatchObject({
      count: 1,
      total: 42,
      example: { line: 42, other: { line: 5, slot: 'train' } },
    });
    expect(find(health, 'near-duplicates')).toMatchObject({ count: 1, example: { line: 43, other: { line: 9 } } });
  });

  test('rows that contradict each other, by label and by score', async () => {
    const labelled = plain(40).map(([a, b], i) => [a!, b!, i % 2 ? 'yes' : 'no']);
    const health = await check([...labelled, [labelled[3]![0]!, labelled[3]![1]!, 'no']], [...pair, 'label']);
    expect(find(health, 'conflicts')).toMatchObject({ count: 1, example: { line: 42, other: { line: 5 } } });
    // The other way round it is another premise.
    expect(kindsOf(await check([...labelled, [labelled[3]![1]!, labelled[3]![0]!, 'no']], [...pair, 'label']))).toEqual(
      [],
    );
    const scored = plain(40).map(([a, b], i) => [a!, b!, String(i % 6)]);
    const near = await check([...scored, [scored[3]![0]!, scored[3]![1]!, '4']], [...pair, 'score']);
    expect(kindsOf(near)).toEqual(['duplicates']);
    expect(kindsOf(await check([...scored, [scored[3]![0]!, scored[3]![1]!, '5']], [...pair, 'score']))).toEqual([
      'conflicts',
    ]);
  });

  test('a sentence beside itself, and texts of hardly a letter', async () => {
    const health = await check([
      ...plain(20),
      ['the same', 'the same'],
      ['12.5', 'twelve and a half'],
      ['x', 'the letter x'],
    ]);
    expect(find(health, 'identical')).toMatchObject({ count: 1, total: 23 });
    expect(find(health, 'short')).toMatchObject({ count: 2, total: 46, example: { texts: ['12.5'] } });
    expect(kindsOf(health)).toHaveLength(2);
  });

  test('evaluation rows that are training rows, and those that share a sentence', async () => {
    const evaluation = [
      ...plain(10, 'new'),
      ['Plain answer number 4!', 'plain question number 4'],
      ['plain question number 5', 'quite another answer'],
    ];
    const health = await check(plain(40), pair, evaluation);
    expect(find(health, 'leak')).toMatchObject({
      slot: 'evaluation',
      count: 1,
      total: 12,
      example: { line: 12, other: { line: 6, slot: 'train' } },
    });
    expect(find(health, 'shared')).toMatchObject({ count: 1, example: { texts: ['plain question number 5'] } });
    expect(kindsOf(health)).toEqual(['leak', 'shared']);
  });

  test('labels out of balance, not those that are within five times', async () => {
    const label = (rare: number) => plain(60).map(([a, b], i) => [a!, b!, i % rare ? 'often' : 'rare']);
    const health = await check(label(10), [...pair, 'label']);
    expect(find(health, 'imbalance')).toMatchObject({
      most: { label: 'often', count: 54 },
      least: { label: 'rare', count: 6 },
      example: { line: 2 },
    });
    expect(kindsOf(await check(label(5), [...pair, 'label']))).toEqual([]);
    expect(kindsOf(await check(label(10).slice(0, 20), [...pair, 'label']))).toEqual([]);
  });

  test('several scripts, but not one word of another', async () => {
    const chinese = Array.from({ length: 3 }, (_, i) => [`第${i}个问题`, `第${i}个回答`]);
    const health = await check([...plain(20), ...chinese]);
    expect(find(health, 'scripts')).toMatchObject({
      count: 6,
      total: 46,
      shares: [
        { script: 'latin', count: 40 },
        { script: 'han', count: 6 },
      ],
    });
    expect(kindsOf(await check([...plain(20), ['请把 PDF 发给我', 'send me the PDF']]))).toEqual([]);
  });

  test.each(['pairs-en.csv', 'pairs-zh.csv', 'sentences-en.txt'])('of the sample %s: none', async (name) => {
    const table = await readTable(new File([readFileSync(`public/samples/${name}`)], name), {});
    const { examples } = buildExamples(table, guessRoles(table));
    expect(examples.length).toBeGreaterThan(300);
    expect(kindsOf((await checkHealth(examples, null, () => false))!)).toEqual([]);
  });
});

test('a check that was overtaken gives nothing', async () => {
  expect(await checkHealth(examplesOf(plain(10), pair), null, () => true)).toBeNull();
});

test('two hundred thousand rows are looked at without holding the thread', async () => {
  const examples = examplesOf(plain(200_000), pair);
  let answered = 0;
  const timer = setInterval(() => answered++, 1);
  const health = (await checkHealth(examples, null, () => false))!;
  clearInterval(timer);
  expect(health.findings).toEqual([]);
  expect(answered).toBeGreaterThan(1);
});
