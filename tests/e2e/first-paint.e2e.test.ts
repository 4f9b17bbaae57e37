/**
 * What stands in the page before its scripts: the welcome, in the language and the theme of the browser or those chosen; and how
 * the app takes its place.
 */
import type { BrowserContextOptions } from 'playwright';
import { expect, test } from 'vitest';
import { en } from '../../src/ui/locales/en.ts';
import { zh } from '../../src/ui/locales/zh.ts';
import { serveStudio, whenMounted } from '../support/studio.ts';

const site = serveStudio(4286);

/** Opens the page with no script but the one before the first paint. */
async function openBare(options: BrowserContextOptions, chosen: Record<string, string> = {}, step = '') {
  const page = await (await site.browser.newContext(options)).newPage();
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.addInitScript((values) => Object.assign(localStorage, values), chosen);
  await page.goto(`${site.address}${step}`);
  const headings = await page.locator('h2:visible').allTextContents();
  const [language, theme] = await page.evaluate(() => [
    document.documentElement.lang,
    document.documentElement.dataset.theme,
  ]);
  await page.context().close();
  return { headings, language, theme };
}

test('the first words need no script', async () => {
  const dark = { locale: 'zh-CN', colorScheme: 'dark' } as const;
  expect(await openBare(dark)).toEqual({ headings: [zh.welcome.title], language: 'zh-CN', theme: 'dark' });
  expect(await openBare(dark, { language: 'en', theme: 'light' })).toEqual({
    headings: [en.welcome.title],
    language: 'en',
    theme: 'light',
  });
  expect(await openBare({ locale: 'en-US' }, {}, '#runs')).toEqual({ headings: [], language: 'en', theme: 'light' });
});

test('a script that cannot be fetched is told of, at any step', async () => {
  const cases = [
    ['index', 'en-US', '', en],
    ['page', 'zh-CN', '#runs', zh],
  ] as const;
  for (const [file, locale, step, words] of cases) {
    const page = await (await site.browser.newContext({ locale })).newPage();
    await page.route(`**/assets/${file}-*.js`, (route) => route.abort());
    await page.goto(`${site.address}${step}`);
    const note = page.getByRole('alert');
    await note.waitFor();
    expect(await note.textContent()).toBe(words.welcome.failed);
    await page.context().close();
  }
});

test('before the first words there is next to no script, and after them few files', async () => {
  const html = await (await fetch(site.address)).text();
  const early = [...html.matchAll(/<(?:script[^>]* src|link rel="modulepreload"[^>]* href)="([^"]+)"/g)];
  expect(early.length).toBeGreaterThan(1);
  const files = await Promise.all(early.map(async ([, path]) => await fetch(new URL(path!, site.address))));
  const sizes = await Promise.all(files.map(async (file) => (await file.arrayBuffer()).byteLength));
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(10_000);

  const { page } = await site.open();
  const scripts = await page.evaluate(() =>
    performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')),
  );
  expect(scripts.length).toBeLessThanOrEqual(10);
});

test('nothing moves when the app takes the place of the first words', async () => {
  for (const width of [412, 1280]) {
    const context = await site.browser.newContext({ locale: 'en-US', viewport: { width, height: 820 } });
    const page = await context.newPage();
    await page.addInitScript(() => {
      localStorage.setItem('tour', 'seen');
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(site.address);
    await whenMounted(page);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(500);
    const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts);
    await context.close();
    expect(
      shifts.reduce((sum, shift) => sum + shift, 0),
      `${width} pixels`,
    ).toBeLessThan(0.005);
  }
});
