/** Byte-level tokens as text; the pieces are those of FacebookAI/roberta-base's vocabulary. */
import { expect, test } from 'vitest';
import { readBytes, writesBytes } from '../../src/worker/try/byte-pieces.ts';

test('pieces are read as text, parts of a character as bytes, and what says itself is left alone', () => {
  expect(readBytes('å¿«')).toBe('快');
  expect(readBytes('Ġcafé'.replace('é', 'Ã©'))).toBe('café');
  expect(readBytes('âĢĻ')).toBe('’');
  expect(readBytes('é')).toBe('E9');
  expect(readBytes('å¿')).toBe('E5 BF');
  expect(readBytes('Ġparcel')).toBeNull();
  expect(readBytes('<s>')).toBeNull();
  expect(readBytes('快')).toBeNull();
});

test('a vocabulary of bytes is known by its space and newline', () => {
  expect(writesBytes(new Set(['Ġ', 'Ċ', 'a']))).toBe(true);
  expect(writesBytes(new Set(['[CLS]', '##a']))).toBe(false);
});
