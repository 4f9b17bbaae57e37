/** The browser's storage is full: the run goes on and ends well, and the page says what it could not keep. */
import { expect, test } from 'vitest';
import { serveStudio, setOptions, takeSample, waitForRun } from '../support/studio.ts';

const site = serveStudio(4281);

test('without room for checkpoints and weights a run trains to its end, and its model can be exported', async () => {
  const { page, events } = await site.open();
  await takeSample(page);
  await setOptions(page, { Epochs: '1', 'Evaluate every': '10', 'Checkpoint every': '5' });
  await waitForRun(page, 'ready');
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.address).origin, quotaSize: 1000 });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  const types = (await events()).map(({ type }) => type);
  expect(types).toContain('unsaved');
  expect(types).not.toContain('saved');
  const note = page.getByTestId('storage-full');
  await note.getByText('The weights of this run could not be kept').waitFor();
  await note.getByRole('button', { name: 'Dismiss' }).click();
  await note.waitFor({ state: 'detached' });
  await page.locator('.rail [href="#export"]').click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Export the model/ }).click();
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);

  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.address).origin });
  await page.getByRole('button', { name: 'Train again' }).click();
  await expect.poll(async () => (await events()).some(({ type }) => type === 'saved'), { timeout: 60_000 }).toBe(true);
  expect(await note.count()).toBe(0);
});
