import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { buildExamples } from '../../src/data/examples.ts';
import { writeProblemsCsv } from '../../src/data/problems-csv.ts';
import { readTable } from '../../src/data/read-table.ts';
import { guessRoles } from '../../src/data/roles.ts';
import { makeFile } from './make-file.ts';

const parse = (csv: string) => Papa.parse<string[]>(csv.replace(/^\ufeff/, '')).data;

test('line, reason and the own cells of rows that were rejected, and of rows whose content is wrong', async () => {
  const table = await readTable(
    makeFile('sentence1,sentence2,score\na b,c d,0.5\n"x,\ny",,1\nshort,row\ne f,g h,n/a\n"open,q,1\n'),
  );
  const { problems } = buildExamples(table, guessRoles(table));
  const all = [...table.problems, ...problems].sort((a, b) => a.line - b.line);
  const csv = writeProblemsCsv(table, all, 'en');
  expect(csv.startsWith('\ufeff')).toBe(true);
  expect(parse(csv)).toEqual([
    ['line', 'reason', 'sentence1', 'sentence2', 'score'],
    ['3', 'No text in column “sentence2”.', 'x,\ny', '', '1'],
    ['5', 'Number of fields: 2; the table has 3 columns.', 'short', 'row'],
    ['6', '“n/a” in column “score” is not a number.', 'e f', 'g h', 'n/a'],
    ['7', 'A quotation mark is opened or closed in the wrong place.', '"open,q,1'],
  ]);
  const chinese = parse(writeProblemsCsv(table, all, 'zh'));
  expect(chinese[0]?.slice(0, 2)).toEqual(['行', '原因']);
  expect(chinese[1]?.[1]).toBe('“sentence2”列没有文本。');
});

test('no cell starts as a formula', async () => {
  const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=cmd\nrest', '＝1+1', '\n=1'];
  const lines = cells.map((cell) => `${JSON.stringify([cell, 'b', 'too many'])}\n`).join('');
  const table = await readTable(makeFile(`["=name","second"]\n${'["a","b"]\n'.repeat(9)}${lines}`, 'a.jsonl'), {
    header: true,
  });
  expect(table.problems).toHaveLength(cells.length);
  const written = parse(writeProblemsCsv(table, table.problems, 'en'));
  expect(written.slice(1).map((row) => row[2])).toEqual(cells.map((cell) => `'${cell}`));
  expect(written[0]?.[2]).toBe("'=name");
});

test('a table without problems gives the headings only', async () => {
  const table = await readTable(makeFile('query,answer\na,b\n'));
  expect(parse(writeProblemsCsv(table, table.problems, 'en'))).toEqual([['line', 'reason', 'query', 'answer']]);
});
