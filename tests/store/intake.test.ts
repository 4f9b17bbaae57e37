/** What pasted text is taken for. */
import { expect, it } from 'vitest';
import { pastedFile } from '../../src/store/intake.ts';

it('names pasted text after what it looks like', () => {
  const name = (text: string) => pastedFile(text).name;
  expect(name('One sentence, with a comma.\nAnother without')).toBe('pasted.txt');
  expect(name('Well, one comma each.\nTrue, here too.')).toBe('pasted.txt');
  expect(name('a,b\nc,d\n')).toBe('pasted.csv');
  expect(name('a\tb\nc, still\td\n')).toBe('pasted.tsv');
  expect(name('{"a": 1}\n{"a": 2}')).toBe('pasted.jsonl');
  expect(name('just one, line')).toBe('pasted.txt');
});
