import { expect, test } from 'vitest';
import { drawIndex, seedRandom } from '../../src/data/shuffle.ts';
import { createTextNumbers } from '../../src/data/text-numbers.ts';

test('the numbers are those of a Map, through many growths', () => {
  const random = seedRandom(3);
  const numbers = createTextNumbers();
  const map = new Map<string, number>();
  let again = 0;
  for (let i = 0; i < 50_000; i++) {
    const text = `${'文a'.repeat(drawIndex(random, 3))}${drawIndex(random, 20_000)}`;
    if (map.has(text)) again++;
    else map.set(text, map.size);
    if (numbers.number(text) !== map.get(text)) expect(numbers.number(text), text).toBe(map.get(text));
  }
  expect(again).toBeGreaterThan(10_000);
  expect(numbers.texts).toEqual([...map.keys()]);
});

test('texts with one hash stay apart', () => {
  // “liquid” and “costarring” collide under 32-bit FNV-1a, and so do “declinate” and “macallums”.
  const numbers = createTextNumbers();
  const words = ['costarring', 'liquid', 'declinate', 'macallums', ''];
  expect(words.map(numbers.number)).toEqual([0, 1, 2, 3, 4]);
  expect(words.map(numbers.number)).toEqual([0, 1, 2, 3, 4]);
});
