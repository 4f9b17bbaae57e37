import { describe, expect, test } from 'vitest';
import type { ReadOptions } from '../../src/contract/data.ts';
import { sayProblem } from '../../src/contract/problems.ts';
import { readTable } from '../../src/data/read-table.ts';
import { catchProblem, encodeGb18030, encodeUtf16, makeFile } from './make-file.ts';

const read = (content: string, name = 'pairs.csv', options: ReadOptions = {}) =>
  readTable(makeFile(content, name), options);
const say = (table: Awaited<ReturnType<typeof read>>) =>
  table.problems.map(({ line, problem }) => `${line}: ${sayProblem(problem)}`);

describe('delimited', () => {
  test('CSV with header, quotes, doubled quotes and embedded line ends', async () => {
    const table = await read(
      'sentence1,sentence2,score\n"one, two","he said ""hi""",0.5\n"first\nsecond",plain,1\nlast,row,0\n',
    );
    expect(table).toMatchObject({
      name: 'pairs.csv',
      format: 'delimited',
      delimiter: ',',
      encoding: 'utf-8',
      header: true,
    });
    expect(table.columns).toEqual(['sentence1', 'sentence2', 'score']);
    expect(table.rows).toEqual([
      ['one, two', 'he said "hi"', '0.5'],
      ['first\nsecond', 'plain', '1'],
      ['last', 'row', '0'],
    ]);
    expect(table.lines).toEqual([2, 3, 5]);
    expect(table.problems).toEqual([]);
  });

  test.each([',', ';', '\t', '|'])('delimiter %j is found', async (delimiter) => {
    const lines = ['a sentence', 'another one', '0.5'].join(delimiter);
    const table = await read(`first${delimiter}second${delimiter}rate\n${`${lines}\n`.repeat(5)}`);
    expect(table.delimiter).toBe(delimiter);
    expect(table.rows).toHaveLength(5);
    expect(table.columns).toEqual(['first', 'second', 'rate']);
  });

  test('semicolons with decimal commas, and sentences with commas', async () => {
    const table = await read('text1;text2;score\nGuten Tag, Welt;Hallo;0,75\nJa;Nein, danke;0,1\n');
    expect(table.delimiter).toBe(';');
    expect(table.rows[0]).toEqual(['Guten Tag, Welt', 'Hallo', '0,75']);
  });

  test.each(['\r\n', '\n', '\r'])('line end %j', async (end) => {
    const table = await read(['query,answer', 'a b,c', '"d', 'e",f', 'g,h'].join(end));
    expect(table.rows).toEqual([
      ['a b', 'c'],
      ['d\ne', 'f'],
      ['g', 'h'],
    ]);
    expect(table.lines).toEqual([2, 3, 5]);
  });

  test('encodings', async () => {
    const text = '句子1,句子2,分数\r\n飞机起飞了。,"飞机,起飞",5\r\n你好,再见,1\r\n';
    const files = {
      'utf-8': new TextEncoder().encode(`\ufeff${text}`),
      gb18030: encodeGb18030(text),
      'utf-16le': encodeUtf16(`\ufeff${text}`, 'le'),
      'utf-16be': encodeUtf16(text, 'be'),
    };
    for (const [encoding, bytes] of Object.entries(files)) {
      const table = await readTable(makeFile(bytes));
      expect(table.encoding).toBe(encoding);
      expect(table.columns).toEqual(['句子1', '句子2', '分数']);
      expect(table.rows).toEqual([
        ['飞机起飞了。', '飞机,起飞', '5'],
        ['你好', '再见', '1'],
      ]);
    }
  });

  test('ragged rows are set aside with their cells, blank ones passed over', async () => {
    const table = await read('query,answer\na,b\nonly one\n\n,\nx,y,z\n"c\nd",e\nf,g,\n');
    expect(table.rows).toEqual([
      ['a', 'b'],
      ['c\nd', 'e'],
      ['f', 'g'],
    ]);
    expect(table.lines).toEqual([2, 7, 9]);
    expect(say(table)).toEqual([
      '3: Number of fields: 1; the table has 2 columns.',
      '6: Number of fields: 3; the table has 2 columns.',
    ]);
    expect([...table.rejected]).toEqual([
      [3, ['only one']],
      [6, ['x', 'y', 'z']],
    ]);
  });

  test('misplaced marks cost one line each', async () => {
    const table = await read('query,answer\n"Hello" he said,x\ngood,row\n"q",z\n"open,w\nlast,row\n');
    expect(table.rows).toEqual([
      ['good', 'row'],
      ['q', 'z'],
      ['last', 'row'],
    ]);
    expect(table.lines).toEqual([3, 4, 6]);
    expect(say(table).map((text) => text.slice(0, 20))).toEqual(
      ['2: A quotation mark i', '5: A quotation mark i'].map((s) => s.slice(0, 20)),
    );
    expect(table.rejected.get(2)).toEqual(['"Hello" he said,x']);
    expect(table.rejected.get(5)).toEqual(['"open,w']);
  });

  test('problems of every kind are in the order of the file', async () => {
    const table = await read('query,answer\na,b\nshort\n"open,x\nlong,er,row\nc,d\n');
    expect(table.problems.map(({ line, problem }) => [line, problem.code])).toEqual([
      [3, 'row-field-count'],
      [4, 'row-bad-quotes'],
      [5, 'row-field-count'],
    ]);
  });

  test('a mark within an unquoted cell is a character', async () => {
    const table = await read('query,answer\na 5" nail,b\nc,d "e" f\n');
    expect(table.rows).toEqual([
      ['a 5" nail', 'b'],
      ['c', 'd "e" f'],
    ]);
  });

  test('one column, quoted or with commas here and there', async () => {
    expect((await read('text\n"a, b"\nc\n')).rows).toEqual([['a, b'], ['c']]);
    const loose = await read('text\nno comma here\nwell, one\nand, now, two\nnone again\n');
    expect(loose).toMatchObject({ format: 'text', header: true, problems: [] });
    expect(loose.rows.map(([cell]) => cell)).toEqual(['no comma here', 'well, one', 'and, now, two', 'none again']);
  });

  test('a hundred thousand rows keep their order', async () => {
    const count = 100_000;
    const lines = Array.from({ length: count }, (_, i) => `sentence ${i},"reply\n${i}",${(i % 6).toFixed(1)}`);
    const started = performance.now();
    const table = await read(`text1,text2,score\n${lines.join('\n')}`);
    expect(performance.now() - started).toBeLessThan(6000);
    expect(table.rows).toHaveLength(count);
    expect(table.rows.every(([cell], i) => cell === `sentence ${i}`)).toBe(true);
    expect(table.lines.at(-1)).toBe(2 * count);
  });
});

describe('marks in tab-separated text', () => {
  test('literal marks stay, and no row swallows another', async () => {
    const lines = [
      '"Hello" he said\tfine\t1',
      '"\tquote alone\t0',
      'an open "word\tand "more" here\t1',
      '"wrapped whole"\tplain\t0',
      '"begins here\tplain\t1',
      'ends here"\tplain\t0',
    ];
    for (const name of ['pairs.tsv', 'pairs.txt', 'pairs.csv']) {
      const table = await read(`${lines.join('\n')}\n`, name);
      expect(table).toMatchObject({ delimiter: '\t', problems: [], header: false });
      expect(table.rows).toEqual(lines.map((line) => line.split('\t')));
      expect(table.lines).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  test('wrapped cells beside marks within a cell stay as they are', async () => {
    const table = await read('"Hello."\t"Hi."\nHe said "no" twice\tplain\n', 'pairs.tsv');
    expect(table.rows[0]).toEqual(['"Hello."', '"Hi."']);
  });

  test('an opening and a closing mark in different rows do not join them', async () => {
    const table = await read('a b\t"To be\t0\nc d\tnot to be"\t1\n', 'pairs.tsv');
    expect(table.rows).toEqual([
      ['a b', '"To be', '0'],
      ['c d', 'not to be"', '1'],
    ]);
  });

  test('quoting as Excel writes it is undone', async () => {
    const table = await read(
      'anchor\tpositive\tscore\n"say ""hi"""\t"tab\there"\t1\nplain\t"two\nlines"\t0\n"all, of it"\tx\t0.5\n',
      'pairs.tsv',
    );
    expect(table).toMatchObject({ delimiter: '\t', header: true, problems: [] });
    expect(table.rows).toEqual([
      ['say "hi"', 'tab\there', '1'],
      ['plain', 'two\nlines', '0'],
      ['all, of it', 'x', '0.5'],
    ]);
    expect(table.lines).toEqual([2, 3, 5]);
  });

  test('everything quoted, header too', async () => {
    const table = await read('"sentence1"\t"sentence2"\n"a b"\t"c d"\n"e"\t"f"\n', 'pairs.tsv');
    expect(table.columns).toEqual(['sentence1', 'sentence2']);
    expect(table.rows).toEqual([
      ['a b', 'c d'],
      ['e', 'f'],
    ]);
  });
});

test('files without a row are empty', async () => {
  expect(await catchProblem(() => read(''))).toBe('file-empty');
  expect(await catchProblem(() => read('sentence1,sentence2\n'))).toBe('file-empty');
  expect(await catchProblem(() => read(',,\n,,\n'))).toBe('file-empty');
});
