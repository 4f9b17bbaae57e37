/** Both languages say everything, and nothing is said outside of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/ui/locales/en.ts';
import { zh } from '../../src/ui/locales/zh.ts';
import { readComponents } from '../support/components.ts';

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

  const components = sources.filter(({ path }) => path.endsWith('.tsx'));

  it('hold no words of their own, in tags, expressions or what is read aloud', () => {
    const seen = components.map(({ path, text }) => ({ path, ...readComponents(path, text) }));
    expect(seen.reduce((sum, each) => sum + each.components, 0)).toBeGreaterThan(100);
    expect(seen.reduce((sum, each) => sum + each.elements, 0)).toBeGreaterThan(500);
    expect(seen.flatMap(({ path, words }) => words.map((word) => `${path}: ${word}`))).toEqual([]);
  });

  it('write numbers and dates through the page’s language alone', () => {
    const seen = sources.filter(({ path }) => path !== 'format.ts');
    expect(
      seen.flatMap(({ path, text }) => readComponents(path, text).numbers.map((name) => `${path}: ${name}`)),
    ).toEqual([]);
  });

  it.each([
    '<p>Hello there</p>',
    "<p>{busy ? t('x') : 'Hello'}</p>",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a component's source, as text
    '<p>{`${count} rows`}</p>',
    "<p>{'Rows: ' + count}</p>",
    "<b aria-label={on && 'Close'} />",
    '<img alt="A parcel" />',
    '<>Hello</>',
  ])('would be caught: %s', (markup) => {
    expect(readComponents('a.tsx', `export const A = () => ${markup};`).words).toHaveLength(1);
  });

  it.each([
    '<p className="quiet">{t(\'data.rows\')} – 3 × {count}</p>',
    "<Button kind={busy ? 'plain' : 'primary'} />",
  ])('would pass: %s', (markup) => {
    expect(readComponents('a.tsx', `export const A = () => ${markup};`).words).toEqual([]);
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
