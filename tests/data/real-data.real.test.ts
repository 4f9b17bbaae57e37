/** Reads real files of sentence pairs from the folder EMBEDSMITH_DATA: every row must arrive, with the right roles. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DataFacts } from '../../src/contract/data.ts';
import type { Role } from '../../src/contract/objectives.ts';
import { buildExamples } from '../../src/data/examples.ts';
import { describeFacts } from '../../src/data/facts.ts';
import { readTable } from '../../src/data/read-table.ts';
import { guessRoles } from '../../src/data/roles.ts';
import { buildTrainingExamples } from '../../src/data/training-examples.ts';
import { listExamples } from '../support/examples.ts';
import { requireFolder } from '../support/folders.ts';

type Case = [path: string, rows: number, header: boolean, roles: Role[], range: [number, number] | null];

const nli: Role[] = ['label', 'sentence1', 'sentence2', 'ignore'];
const cases: Case[] = [
  ['stsb_en/train.tsv', 5749, true, ['score', 'sentence1', 'sentence2'], [0, 5]],
  ['stsb_en/dev.tsv', 1500, true, ['score', 'sentence1', 'sentence2'], [0, 5]],
  ['stsb_zh/train.tsv', 5231, false, ['sentence1', 'sentence2', 'score'], [0, 5]],
  ['stsb_zh/valid.tsv', 1458, false, ['sentence1', 'sentence2', 'score'], [0, 5]],
  ['lcqmc_zh/valid.tsv', 8802, false, ['sentence1', 'sentence2', 'label'], [0, 1]],
  ['nli_en/pool_snli.tsv', 9000, true, nli, [0, 1]],
  ['nli_en/pool_other.tsv', 28_048, true, nli, [0, 1]],
  ['sentences/common_voice_en.txt', 20_000, false, ['sentence1'], null],
  ['sentences/common_voice_zh.txt', 20_000, false, ['sentence1'], null],
];

test.each(cases)('%s has %i rows', async (path, rows, header, roles, range) => {
  const folder = requireFolder('EMBEDSMITH_DATA');
  const bytes = new Uint8Array(await readFile(join(folder, path)));
  const table = await readTable(new File([bytes], path.split('/').at(-1) as string));
  expect(table).toMatchObject({ encoding: 'utf-8', header, problems: [], format: range ? 'delimited' : 'text' });
  expect(table.rows).toHaveLength(rows);
  // Nothing merged, nothing unwrapped: each row is its line.
  const lines = new TextDecoder().decode(bytes).replaceAll('\r\n', '\n').split('\n');
  expect(table.rows.every((cells, i) => cells.join('\t') === lines[(table.lines[i] as number) - 1])).toBe(true);

  expect(guessRoles(table)).toEqual(roles);
  const set = buildExamples(table, roles);
  expect(set.problems).toEqual([]);
  expect(set.examples).toHaveLength(rows);
  expect(set.scoreRange).toEqual(range && { low: range[0], high: range[1] });
});

const inference: Partial<DataFacts> = {
  similarity: 'graded',
  classes: ['contradiction', 'entailment', 'neutral'],
  contrasts: true,
};
const facts: [string, Partial<DataFacts>][] = [
  ['nli_en/pool_snli.tsv', inference],
  ['nli_en/pool_other.tsv', inference],
  ['lcqmc_zh/valid.tsv', { similarity: 'binary', classes: ['0', '1'] }],
  ['stsb_zh/train.tsv', { similarity: 'graded', classes: null, contrasts: false }],
  ['sentences/common_voice_zh.txt', { paired: false, similarity: null, classes: null, contrasts: false }],
];

async function load(path: string) {
  const bytes = new Uint8Array(await readFile(join(requireFolder('EMBEDSMITH_DATA'), path)));
  const table = await readTable(new File([bytes], path.split('/').at(-1) as string));
  const roles = guessRoles(table);
  return { roles, set: buildExamples(table, roles) };
}

test.each(facts)('%s: what it holds', async (path, expected) => {
  const { roles, set } = await load(path);
  expect(describeFacts(set, roles)).toMatchObject({ paired: true, negatives: 0, ...expected });
});

test('triplets of SNLI: every one is an entailed and a contradicting sentence of its premise', async () => {
  const { set } = await load('nli_en/pool_snli.tsv');
  const { classes, examples } = set;
  const labels = new Map(examples.map(({ sentence1, sentence2, label }) => [`${sentence1}\t${sentence2}`, label]));
  const options = { classes, positiveScore: 0.8 };
  const { examples: made, passedOver } = buildTrainingExamples('triplets', examples, options);
  const triplets = listExamples(made);
  expect(triplets.length).toBeGreaterThan(2500);
  expect(passedOver).toBeLessThan(4000);
  for (const { texts } of triplets) {
    const [premise, entailed, contradicting] = texts;
    expect(labels.get(`${premise}\t${entailed}`)).toBe('entailment');
    expect(labels.get(`${premise}\t${contradicting}`)).toBe('contradiction');
  }
  const classified = listExamples(buildTrainingExamples('classified-pairs', examples, options).examples);
  expect([0, 1, 2].map((target) => classified.filter((example) => example.target === target).length)).toEqual([
    3007, 3030, 2963,
  ]);
});
