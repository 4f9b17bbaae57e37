/** What stands in the page before its scripts: the welcome, in the language and the theme of the browser or those chosen. */
import type { BrowserContextOptions } from 'playwright';
import { expect, test } from 'vitest';
import { en } from '../../src/ui/locales/en.ts';
import { zh } from '../../src/ui/locales/zh.ts';
import { serveStudio } from '../support/studio.ts';

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
