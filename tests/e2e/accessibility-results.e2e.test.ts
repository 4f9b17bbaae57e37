/** What axe finds in the tabs of Try, at a run that goes wrong, in the table of runs and beside what a link or a crash leaves: nothing. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { startAudit } from '../support/audit.ts';
import { goTo, openPage, serveStudio, setOptions, startTraining, takeSample, waitForRun } from '../support/studio.ts';

const site = serveStudio(4284);

async function trainOnce(page: Page): Promise<void> {
  await startTraining(page);
  await waitForRun(page, 'starting', 'running');
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
}

test('axe finds nothing in what is tried, in runs side by side, and where a run went wrong', async () => {
  const { page } = await site.open();
  const { audit, found, count } = await startAudit(page);
  await takeSample(page);
  await setOptions(page, { Epochs: '1', 'Evaluate every': '15', 'Checkpoint every': '10' });
  await waitForRun(page, 'ready');
  await trainOnce(page);

  await goTo(page, 'try');
  await page.getByRole('textbox').nth(0).fill('where is my parcel');
  await page.getByRole('textbox').nth(1).fill('my package is late');
  await page.getByRole('button', { name: /^Compare/ }).click();
  await page.getByTestId('cosine-now').waitFor();
  await audit('pair');
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  await tab('Neighbours');
  await page.getByRole('textbox', { name: 'Sentences' }).fill('the parcel is late\nmy package is late\nI forgot it');
  await page.getByRole('button', { name: 'Find neighbours' }).click();
  await page.getByTestId('hits-before').waitFor();
  await audit('neighbours');
  await tab('Search');
  await page
    .getByRole('textbox', { name: 'Texts to search in' })
    .fill('the courier lost my parcel\nour shops open at nine');
  await page.getByRole('searchbox', { name: 'Search for' }).fill('where is my parcel');
  await page.keyboard.press('Enter');
  await page.getByTestId('hits-now').waitFor();
  await audit('search');
  await tab('Tokens');
  await page.getByRole('textbox', { name: 'Text' }).fill('parcels 快递 ☂');
  await page.getByTestId('tokens').waitFor();
  await audit('tokens');
  await tab('Batch');
  await page.getByRole('button', { name: 'Show the batch' }).click();
  await page.getByTestId('matrix').waitFor();
  await audit('matrix');
  await tab('Map');
  await page.getByRole('button', { name: 'Draw the map' }).click();
  await page.getByTestId('map').waitFor();
  await audit('map');

  await setOptions(page, { 'Learning rate': '0.1', Epochs: '3' });
  await waitForRun(page, 'ready', 'finished');
  await trainOnce(page);
  await goTo(page, 'train');
  await page.getByTestId('run-hints').getByRole('listitem').first().waitFor();
  await audit('hints');

  await goTo(page, 'runs');
  await page.getByTestId('run-row').nth(1).waitFor();
  for (const row of [0, 1]) await page.getByTestId('run-row').nth(row).getByRole('checkbox').check();
  await page.getByTestId('runs-diff').waitFor();
  for (const fold of ['sweep', 'project']) await page.getByTestId(fold).locator('summary').click();
  await audit('runs');
  await audit('menu of a run', () => page.getByTestId('run-row').first().getByRole('button').last().click());
  expect(count()).toBeGreaterThanOrEqual(36);
  expect(found).toEqual([]);
});

test('axe finds nothing beside what a link says, and where a run was cut off', async () => {
  const { page } = await site.open(`?learningRate=5&model=someone/model`);
  const { audit, found } = await startAudit(page);
  await page.getByTestId('linked').waitFor();
  await audit('link');
  await page.getByTestId('linked').getByRole('button', { name: 'Dismiss' }).click();
  await takeSample(page);
  await setOptions(page, { Epochs: '5', 'Checkpoint every': '2' });
  await waitForRun(page, 'ready');
  await startTraining(page);
  await page.getByTestId('saved-step').waitFor();
  const context = page.context();
  await page.goto('chrome://crash').catch(() => {});
  await page.close();
  const again = (await openPage(context, site.address)).page;
  const second = await startAudit(again);
  await again.getByTestId('interrupted').waitFor();
  await second.audit('interrupted');
  expect([...found, ...second.found]).toEqual([]);
  await context.close();
});
