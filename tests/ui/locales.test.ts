/** Both languages say everything, and nothing is said outside of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/ui/locales/en.ts';
import { zh } from '../../src/ui/locales/zh.ts';

/** Every text with its path; lists count by place. */
function flatten(node: unknown, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]];
  return Object.entries(node as object).flatMap(([key, value]) => flatten(value, path ? `${path}.${key}` : key));
}

const english = new Map(flatten(en));
const chinese = new Map(flatten(zh));
const holes = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].sort();

describe('the locales', () => {
  it('have the same keys', () => {
    expect(english.size).toBeGreaterThan(200);
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('say something everywhere', () => {
    for (const texts of [english, chinese]) for (const text of texts.values()) expect(text.trim()).not.toBe('');
  });

  it('fill the same holes', () => {
    for (const [key, text] of english) {
      // A singular may leave its number out in one language.
      if (!key.endsWith('_one')) expect(holes(chinese.get(key)!), key).toEqual(holes(text));
    }
  });
});

const root = new URL('../../src/ui', import.meta.url).pathname;
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('locales'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const code = sources.map(({ text }) => text).join('\n');

describe('the components', () => {
  it('are all seen', () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  it('hold no words between tags', () => {
    const found = sources
      .filter(({ path }) => path.endsWith('.tsx'))
      .flatMap(({ path, text }) =>
        // From the end of a tag to the start of a closing one or of another element, on one line or alone on a line.
        [...text.matchAll(/(?<![=-])>\s*([^<>{}()=;]*\p{L}[^<>{}()=;]*?)\s*<\/?[A-Za-z>]/gu)].map(
          ([, words]) => `${path}: ${words}`,
        ),
      );
    expect(found).toEqual([]);
  });

  it('hold no words in what is read aloud or shown', () => {
    const found = sources.flatMap(({ path, text }) =>
      [
        ...text.matchAll(
          /\b(?:aria-label|aria-description|placeholder|title|alt|help|name|unit|note)="([^"]*\p{L}[^"]*)"/gu,
        ),
      ].map(([whole]) => `${path}: ${whole}`),
    );
    expect(found).toEqual([]);
  });

  it('would be caught', () => {
    expect('<p>Hello there</p>').toMatch(/(?<![=-])>\s*([^<>{}()=;]*\p{L}[^<>{}()=;]*?)\s*<\/?[A-Za-z>]/u);
  });

  it('use every text', () => {
    const unused = [...new Set(english.keys())].filter((key) => {
      const plain = key.replace(/_(one|other)$/, '').replace(/\.\d+(\.\d+)*$/, '');
      if (code.includes(`'${plain}'`)) return false;
      // Built keys: `steps.${step}`
      const parts = plain.split('.');
      return !parts.some((_, i) => i > 0 && code.includes(`\`${parts.slice(0, i).join('.')}.\${`));
    });
    expect(unused).toEqual([]);
  });
});
