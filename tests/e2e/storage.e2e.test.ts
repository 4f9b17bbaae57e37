/** The browser's storage is full: the run goes on and ends well, and the page says what it could not keep. */
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  launchBrowser,
  openStudio,
  type Server,
  setOptions,
  startServer,
  takeSample,
  waitForRun,
} from '../support/studio.ts';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await startServer(4278);
  browser = await launchBrowser(false);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

test('without room for checkpoints and weights a run trains to its end, and its model can be exported', async () => {
  const { page, events } = await openStudio(browser, server.address);
  await takeSample(page);
  await setOptions(page, { Epochs: '1', 'Evaluate every': '10', 'Checkpoint every': '5' });
  await waitForRun(page, 'ready');
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.address).origin, quotaSize: 1000 });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  const types = (await events()).map(({ type }) => type);
  expect(types).toContain('unsaved');
  expect(types).not.toContain('saved');
  await page.getByTestId('storage-full').getByText('The weights of this run could not be kept').waitFor();
  await page.locator('.rail [href="#export"]').click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Export the model/ }).click();
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);

  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.address).origin });
  await page.getByRole('button', { name: 'Train again' }).click();
  await expect.poll(async () => (await events()).some(({ type }) => type === 'saved'), { timeout: 60_000 }).toBe(true);
  expect(await page.getByTestId('storage-full').count()).toBe(0);
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
});
