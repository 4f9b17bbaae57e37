/** Reading in pieces must give what Papa Parse gives for the whole text, wherever the pieces are cut. */
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { readLines } from '../../src/data/lines.ts';
import { longestQuotedRow, readQuoted } from '../../src/data/quoted.ts';
import { readTable } from '../../src/data/read-table.ts';
import { drawIndex, seedRandom } from '../../src/data/shuffle.ts';
import { collectRows } from '../../src/data/table.ts';
import { ChoppedFile, makeFile } from './make-file.ts';

const random = seedRandom(2024);
const pick = <T>(list: readonly T[]): T => list[drawIndex(random, list.length)] as T;
const words = ['cat', '猫', '😀', ' ', '""', ',', '\n', 'é', '\t', '，', '\r\n', ';'];

function writeCell(): string {
  const inner = Array.from({ length: drawIndex(random, 6) }, () => pick(words)).join('');
  return /[",\n]/.test(inner) || drawIndex(random, 3) === 0 ? `"${inner}"` : inner;
}

/** Cuts `text` at random into pieces of up to `longest` characters, never within a CRLF (the decoder sees to that). */
function chop(text: string, longest: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = at + 1 + drawIndex(random, longest);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

function readPieces(pieces: readonly string[]) {
  const raw = collectRows();
  const reader = readQuoted(',', raw);
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return raw;
}

const notBlank = (cells: string[]) => cells.some((cell) => cell.trim());

test('random quoted text in random pieces is what Papa reads at once', () => {
  let compared = 0;
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: 1 + drawIndex(random, 8) }, () => `${writeCell()},${writeCell()},${writeCell()}`)
      .join('\n')
      .concat(pick(['', '\n']))
      .replaceAll('\r\n', '\n');
    const whole = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' });
    expect(whole.errors).toEqual([]);
    for (const longest of [1, 3, 17]) {
      const raw = readPieces(chop(text, longest));
      expect(raw.rows).toEqual(whole.data.filter(notBlank));
      expect(raw.broken).toEqual([]);
      compared += raw.rows.length;
    }
  }
  expect(compared).toBeGreaterThan(2000);
});

test('faulty text gives the same rows and faults in any pieces', () => {
  let faults = 0;
  for (let round = 0; round < 300; round++) {
    const tokens = ['a', '"', ',', '\n', ' ', '中', '""', '"b"', 'x,y\n'];
    const text = Array.from({ length: 30 }, () => pick(tokens)).join('');
    const whole = readPieces([text]);
    faults += whole.broken.length;
    for (const longest of [1, 4]) {
      const raw = readPieces(chop(text, longest));
      expect({ rows: raw.rows, lines: raw.lines, broken: raw.broken }).toEqual({
        rows: whole.rows,
        lines: whole.lines,
        broken: whole.broken,
      });
    }
  }
  expect(faults).toBeGreaterThan(100);
});

test('every row has the line that it starts on', () => {
  for (let round = 0; round < 100; round++) {
    let text = '';
    const expected: number[] = [];
    for (let row = 0; row < 6; row++) {
      expected.push(text.split('\n').length);
      text += `row ${row},"${'x\n'.repeat(drawIndex(random, 3))}",${writeCell().replaceAll('\r\n', '\n')}\n`;
    }
    expect(readPieces(chop(text, 9)).lines).toEqual(expected);
  }
});

test('bytes cut within characters, quotes and line ends give the same table', async () => {
  const text = `sentence1,sentence2,score\r\n${'"一架，""飞机""\r\n起飞😀",plain é,0.5\r\n'.repeat(40)}`;
  const bytes = new TextEncoder().encode(text);
  const whole = await readTable(makeFile(bytes));
  expect(whole.rows).toHaveLength(40);
  expect(whole.rows[0]).toEqual(['一架，"飞机"\n起飞😀', 'plain é', '0.5']);
  expect(whole.lines.slice(0, 3)).toEqual([2, 4, 6]);
  for (let round = 0; round < 30; round++) {
    expect(await readTable(new ChoppedFile(bytes, 'pairs.csv', random, 1 + round))).toEqual(whole);
  }
});

test('a forgotten closing mark costs its own line only, also at the beginning of a large file', () => {
  const good = 'one sentence,another sentence,0.5\n';
  const text = `a,b,c\n"forgotten,x,1\n${good.repeat(60_000)}`;
  const started = performance.now();
  const raw = readPieces(chop(text, 65_536));
  expect(performance.now() - started).toBeLessThan(5000);
  expect(raw.rows).toHaveLength(60_001);
  expect(raw.broken).toEqual([{ line: 2, problem: { code: 'row-bad-quotes', params: {} }, cells: ['"forgotten,x,1'] }]);
  expect(raw.lines.at(-1)).toBe(60_002);
});

test('rows behind a forgotten mark arrive before the end of the file', () => {
  const raw = collectRows();
  const reader = readQuoted(',', raw);
  reader.push('"forgotten,x\n');
  for (let i = 0; i < 100; i++) reader.push('one sentence,another sentence\n'.repeat(300));
  expect(raw.rows.length).toBeGreaterThan(15_000);
  expect(raw.broken).toHaveLength(1);
});

test('a quoted row over several lines is kept up to the limit and reported beyond it, in any pieces', () => {
  const kept = `"${'x\n'.repeat(longestQuotedRow / 2 - 10)}",y\n`;
  const cut = `"${'x\n'.repeat(longestQuotedRow / 2 + 10)}",y\n`;
  for (const longest of [1 << 20, 40_000]) {
    expect(readPieces(chop(kept, longest)).rows).toHaveLength(1);
    const raw = readPieces(chop(cut, longest));
    expect(raw.broken[0]?.line).toBe(1);
    expect(raw.broken[0]?.cells).toEqual(['"x']);
  }
});

test('a huge line without an end is not read again with every piece', () => {
  const started = performance.now();
  const raw = readPieces(Array.from({ length: 20_000 }, () => 'word '.repeat(200)));
  expect(raw.rows).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(3000);
});

test('lines in pieces are the lines of the whole', () => {
  for (let round = 0; round < 100; round++) {
    const text = Array.from({ length: 20 }, () => pick(['a', '\n', '猫', 'bc'])).join('');
    const lines: string[] = [];
    const reader = readLines((line, number) => {
      lines.push(line);
      expect(number).toBe(lines.length);
    });
    for (const piece of chop(text, 3)) reader.push(piece);
    reader.end();
    const whole = text.split('\n');
    if (whole.at(-1) === '') whole.pop();
    expect(lines).toEqual(whole);
  }
});
