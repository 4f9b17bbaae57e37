import { describe, expect, test } from 'vitest';
import { decodeText, detectEncoding, readHead } from '../../src/data/decode.ts';
import { seedRandom } from '../../src/data/shuffle.ts';
import { ChoppedFile, catchProblem, encodeGb18030, encodeUtf16, makeFile } from './make-file.ts';

const chinese =
  '句子1,句子2,分数\n一架飞机要起飞了。,一架飞机正在起飞。,5\n一个男人在吹一支大笛子。,一个人在吹长笛。,3\n';
const utf8 = (text: string) => new TextEncoder().encode(text);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

async function readAll(file: File): Promise<string> {
  let text = '';
  for await (const piece of decodeText(file, await detectEncoding(file))) text += piece;
  return text;
}

describe('encoding', () => {
  const cases: [string, string, Uint8Array<ArrayBuffer>, string][] = [
    ['UTF-8', 'utf-8', utf8(chinese), chinese],
    ['UTF-8 with a mark', 'utf-8', utf8(`\ufeff${chinese}`), chinese],
    ['UTF-16 LE with a mark', 'utf-16le', encodeUtf16(`\ufeff${chinese}`, 'le'), chinese],
    ['UTF-16 BE with a mark', 'utf-16be', encodeUtf16(`\ufeff${chinese}`, 'be'), chinese],
    ['UTF-16 LE without a mark', 'utf-16le', encodeUtf16(chinese, 'le'), chinese],
    ['UTF-16 BE without a mark', 'utf-16be', encodeUtf16(chinese, 'be'), chinese],
    ['English in UTF-16 LE without a mark', 'utf-16le', encodeUtf16('a,b\nc,d\n', 'le'), 'a,b\nc,d\n'],
    ['English in UTF-16 BE without a mark', 'utf-16be', encodeUtf16('a,b\nc,d\n', 'be'), 'a,b\nc,d\n'],
    ['GB18030', 'gb18030', encodeGb18030(chinese), chinese],
    ['ASCII', 'utf-8', utf8('a,b\n1,2\n'), 'a,b\n1,2\n'],
  ];
  test.each(cases)('%s', async (_, encoding, bytes, text) => {
    expect(await detectEncoding(makeFile(bytes))).toBe(encoding);
    expect(await readAll(makeFile(bytes))).toBe(text);
  });

  test('the first Chinese character stands behind any prefix', async () => {
    const ascii = 'only English here,1\n'.repeat(60_000);
    expect(await detectEncoding(makeFile(encodeGb18030(`${ascii}中文在此,0\n`)))).toBe('gb18030');
    expect(await detectEncoding(makeFile(utf8(`${ascii}中文在此,0\n`)))).toBe('utf-8');
  });

  test('a prefix that cuts a character is not taken for a fault', async () => {
    for (let shift = 0; shift < 4; shift++) {
      const text = `${'x'.repeat(4096 - shift)}${'中😀'.repeat(70_000)}\n`;
      expect(await detectEncoding(makeFile(utf8(text)))).toBe('utf-8');
      expect(await readAll(makeFile(utf8(text)))).toBe(text);
    }
  });

  test('UTF-8 stays UTF-8 when its last character is cut off or a byte in it is bad', async () => {
    expect(await detectEncoding(makeFile(utf8(chinese.repeat(2)).slice(0, -3)))).toBe('utf-8');
    expect(await detectEncoding(makeFile(join(utf8(chinese), Uint8Array.of(0xe9), utf8(`s\n${chinese}`))))).toBe(
      'utf-8',
    );
  });
});

describe('refused files', () => {
  const binary: [string, Uint8Array<ArrayBuffer> | number[]][] = [
    ['zip', [0x50, 0x4b, 3, 4, 0x61, 0x61]],
    ['pdf', utf8('%PDF-1.7\nplain enough text follows\n')],
    ['png', [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]],
    ['gzip', [0x1f, 0x8b, 8, 8]],
    ['NUL in the first bytes', utf8('some text\0and more of it, much more than the NUL takes\n'.padEnd(400, 'x'))],
    ['NUL far behind', utf8(`${'some text\n'.repeat(9000)}\0`)],
    ['only NUL', new Uint8Array(100)],
    ['control characters', utf8('ab\x01\x02cd\x03\x04')],
    ['neither UTF-8 nor GB18030', [0x61, 0xff, 0xfe, 0xff, 0x80, 0x62]],
    ['French in Windows-1252', join(utf8('un caf'), Uint8Array.of(0xe9), utf8(' noir\n'))],
    ['random bytes', Uint8Array.from({ length: 5000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255)],
  ];
  test.each(binary)('%s is binary', async (_, content) => {
    expect(await catchProblem(() => detectEncoding(makeFile(content)))).toBe('file-binary');
  });

  test.each(['', ' \n\t\r\n', '\ufeff', '\ufeff \n', '\u3000\n'])('%j is empty', async (content) => {
    expect(await catchProblem(() => detectEncoding(makeFile(content)))).toBe('file-empty');
  });

  test('empty UTF-16 is empty', async () => {
    expect(await catchProblem(() => detectEncoding(makeFile([0xff, 0xfe])))).toBe('file-empty');
    expect(await catchProblem(() => detectEncoding(makeFile(encodeUtf16('\ufeff\n\n', 'be'))))).toBe('file-empty');
  });

  test('a file that vanished is unreadable', async () => {
    const file = makeFile('a,b\n');
    file.stream = () =>
      new ReadableStream({ start: (controller) => controller.error(new DOMException('gone', 'NotFoundError')) });
    expect(await catchProblem(async () => readAll(file))).toBe('file-unreadable');
  });
});

describe('line ends', () => {
  test('CRLF, LF and a lone CR', async () => {
    expect(await readAll(makeFile('a\r\nb\r\nc\r\n'))).toBe('a\nb\nc\n');
    expect(await readAll(makeFile('a\r\nb\nc'))).toBe('a\nb\nc');
    expect(await readAll(makeFile('a\rb\rc\r'))).toBe('a\nb\nc\n');
    expect(await readAll(makeFile('a\rb\nc\r'))).toBe('a\rb\nc\r');
  });

  test.each(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'])('survive any cutting of %s', async (encoding) => {
    const text = '飞机,"起\r\n飞"\r\n一架\r一,二\r\n'.repeat(20);
    const bytes = {
      'utf-8': utf8(`${text}😀`),
      gb18030: encodeGb18030(`${text}。`),
      'utf-16le': encodeUtf16(`${text}😀`, 'le'),
      'utf-16be': encodeUtf16(`${text}😀`, 'be'),
    }[encoding] as Uint8Array<ArrayBuffer>;
    const whole = text.replaceAll('\r\n', '\n') + (encoding === 'gb18030' ? '。' : '😀');
    const random = seedRandom(7);
    for (let round = 0; round < 20; round++) {
      expect(await readAll(new ChoppedFile(bytes, 'a.csv', random, 1 + (round % 5)))).toBe(whole);
    }
  });
});

test('the head of a large file ends with a whole line', async () => {
  const file = makeFile(utf8('中文句子\n'.repeat(40_000)));
  const head = await readHead(file, 'utf-8');
  expect(head.length).toBeGreaterThan(50_000);
  expect(head.length).toBeLessThan(101_000);
  expect(new Set(head.split('\n'))).toEqual(new Set(['中文句子', '']));
});
