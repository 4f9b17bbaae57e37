/** Reads real files of sentence pairs from the folder EMBEDSMITH_DATA: every row must arrive, with the right roles. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Role } from '../../src/contract/catalogue.ts';
import { buildExamples } from '../../src/data/examples.ts';
import { readTable } from '../../src/data/read-table.ts';
import { guessRoles } from '../../src/data/roles.ts';
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
