/** What axe finds in every state of the studio, in both themes, both languages, wide and narrow: nothing; and the main job by keyboard. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  fileOf,
  launchBrowser,
  openStudio,
  type Server,
  sample,
  startServer,
  takeSample,
  textFile,
  waitForRun,
} from '../support/studio.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await startServer(4276);
  browser = await launchBrowser(false);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** What axe finds: the rule, and where. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
}

const languages = ['English', '中文'];
const themes = [/^(Light|浅色)$/, /^(Dark|深色)$/];

test('axe finds nothing in any state, theme or language', async () => {
  const { page, drop } = await openStudio(browser, server.address);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const found: string[] = [];
  let audits = 0;

  /** Looks at the page in every language and theme; `open` brings up what does not outlive a change of either. */
  async function audit(state: string, open?: () => Promise<void>): Promise<void> {
    for (const language of languages)
      for (const theme of themes) {
        await page
          .locator('.segment')
          .filter({ hasText: language === '中文' ? '中' : 'EN' })
          .click();
        await page.getByRole('radio', { name: theme }).check({ force: true });
        await open?.();
        const violations = await violationsOf(page);
        audits++;
        found.push(...violations.map((violation) => `${state}, ${language}, ${theme}: ${violation}`));
        if (open) await page.keyboard.press('Escape');
      }
    await page.locator('.segment').filter({ hasText: 'EN' }).click();
    if (open) return;
    await page.setViewportSize({ width: 360, height: 780 });
    found.push(...(await violationsOf(page)).map((violation) => `${state}, narrow: ${violation}`));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) found.push(`${state}, narrow: the page is ${width} pixels wide`);
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  const show = async (step: string) => {
    await page.locator(`.rail [href="#${step}"]`).click();
  };
  const helpButton = page.locator('[data-tour=help]');

  await page
    .getByTestId('backend')
    .getByText(/thread/)
    .waitFor();
  await audit('empty');
  await audit('help', () => helpButton.click());
  await audit('shortcuts', async () => {
    await page.locator('h2').first().click();
    await page.keyboard.press('?');
    await page.locator('.shortcuts').waitFor();
  });
  await audit('tour', async () => {
    await helpButton.click();
    await page.locator('.help-menu button').first().click();
    await page.getByTestId('tour').waitFor();
  });
  await audit('device', () => page.getByTestId('backend').click());

  await drop(textFile('nothing.csv', ''));
  await page.getByText('“nothing.csv” is empty').waitFor();
  await audit('a file that cannot be read');

  const rows = Array.from({ length: 40 }, (_, i) => `question ${i},answer ${i},${i % 12 ? 'shipping' : 'billing'}`);
  const odd = ['question 3,answer 3,billing', 'QUESTION 4,answer 4,shipping', 'only one field', 'same,same,shipping'];
  await drop(textFile('labels.csv', ['sentence1,sentence2,label', ...rows, ...odd].join('\n')));
  await page.getByTestId('health').getByRole('listitem').first().waitFor();
  await page.locator('details.left-out > summary').click();
  await audit('data with findings');
  await show('objective');
  await audit('labels');
  await show('data');
  await page.getByRole('button', { name: /^Remove/ }).click();
  await takeSample(page);
  await page
    .getByTestId('health')
    .getByText(/Nothing does/)
    .waitFor();
  await audit('sample');
  await drop(fileOf(sample('pairs-en.csv')));
  await page.getByRole('dialog').waitFor();
  const intake = (await violationsOf(page)).map((violation) => `intake: ${violation}`);
  found.push(...intake);
  await page.keyboard.press('Escape');

  await show('model');
  await audit('model');
  await show('objective');
  await audit('objective');
  await audit('help of an option', () => page.locator('.option .hint').first().click());
  await show('train');
  await audit('before a run');
  await show('evaluate');
  await audit('nothing evaluated');

  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await waitForRun(page, 'running');
  await page.getByRole('button', { name: 'Pause' }).click();
  await waitForRun(page, 'paused');
  await page.getByTestId('chart-loss').waitFor();
  await audit('running, paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  await audit('finished');
  await show('evaluate');
  await page.getByTestId('worst-pairs').waitFor();
  await audit('evaluated');
  await show('try');
  await page.getByRole('textbox').nth(0).fill('where is my parcel');
  await page.getByRole('textbox').nth(1).fill('my package is late');
  await page.getByRole('button', { name: /^Compare/ }).click();
  await page.getByTestId('cosine-now').waitFor();
  await audit('tried');
  await show('export');
  await audit('export');
  expect(audits).toBeGreaterThanOrEqual(72);
  expect(found).toEqual([]);
  await page.context().close();
});

/** Presses Tab until what has the focus is called `name`; every stop on the way must show that it has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      // A radio's own circle, or a switch's box, is unseen; the ring is drawn around its label or on a part of it.
      const label = at.closest('label');
      const drawn = label ? [label, ...label.querySelectorAll('*')] : [at];
      const isMarked = (element: Element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
      };
      const text = at.getAttribute('aria-label') ?? at.textContent ?? '';
      const marked = drawn.some((element) => isMarked(element));
      return { text: text.trim(), marked, isPage: at === document.body, html: at.outerHTML.slice(0, 160) };
    });
    if (stop.isPage) continue;
    expect(stop.marked, `the focus shows on ${stop.html}`).toBe(true);
    if (name.test(stop.text)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

test('sample, training and export by keyboard alone', async () => {
  const { page, complaints } = await openStudio(browser, server.address);
  await page
    .getByTestId('backend')
    .getByText(/thread/)
    .waitFor();
  await tabTo(page, /sample/i);
  await page.keyboard.press('Enter');
  await waitForRun(page, 'ready');
  await tabTo(page, /^Objective/);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Epochs', exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Epochs', exact: true }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('1');
  // Keys of the shortcuts are letters of a text while one types.
  await page.keyboard.type('t?');
  expect(await page.getByRole('textbox', { name: 'Epochs', exact: true }).inputValue()).toBe('1t?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await waitForRun(page, 'ready');
  await tabTo(page, /^Train$/);
  await page.keyboard.press('Enter');
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  await page.keyboard.press('Escape');
  await page.keyboard.press('7');
  await page.getByRole('heading', { name: 'Export', level: 2 }).waitFor();
  const download = page.waitForEvent('download');
  await tabTo(page, /^Export the model/);
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toBe('embedsmith-tiny-mnrl.zip');
  expect(complaints).toEqual([]);
  await page.context().close();
});
