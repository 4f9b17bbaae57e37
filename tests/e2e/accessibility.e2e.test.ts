/** What axe finds on the way from data to export, in both themes, both languages, wide and narrow: nothing; and the main job by keyboard. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { startAudit, violationsOf } from '../support/audit.ts';
import { fileOf, sample, serveStudio, takeSample, textFile, waitForRun } from '../support/studio.ts';

const site = serveStudio(4278);

test('axe finds nothing from an empty page to the export', async () => {
  const { page, drop } = await site.open();
  const { audit, found, count } = await startAudit(page);
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
  found.push(...(await violationsOf(page)).map((violation) => `intake: ${violation}`));
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
  await show('export');
  await audit('export');
  expect(count()).toBeGreaterThanOrEqual(68);
  expect(found).toEqual([]);
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
  const { page } = await site.open();
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
});
