/** A link to a configuration in real Chromium: copied from one profile, opened in another; and a wrong one. */
import { expect, test } from 'vitest';
import { goTo, serveStudio, setOptions, takeSample, waitForRun } from '../support/studio.ts';

const site = serveStudio(4276);

test('a link opened in a fresh profile reproduces the configuration', async () => {
  const first = await site.open();
  await takeSample(first.page);
  await setOptions(first.page, { 'Learning rate': '7e-4', Epochs: '1', 'Batch size': '16', 'Max length': '24' });
  await first.page.getByRole('combobox', { name: 'Pooling' }).selectOption('cls');
  await waitForRun(first.page, 'ready');
  await first.page.getByRole('button', { name: 'Copy link to this configuration' }).click();
  await expect.poll(() => first.page.url()).toContain('learningRate=7e-4');
  const address = first.page.url();
  const configOf = async (studio: typeof first) => {
    await studio.page
      .getByRole('button', { name: /^Train/ })
      .last()
      .click();
    await waitForRun(studio.page, 'running', 'finished');
    const started = (await studio.events()).find(({ type }) => type === 'started');
    return started?.type === 'started' ? started.config : null;
  };
  const wanted = await configOf(first);
  expect(wanted).toMatchObject({ learningRate: 7e-4, epochs: 1, batchSize: 16, maxLength: 24, pooling: 'cls' });
  await first.page.context().close();

  const second = await site.open(address);
  await second.page.getByTestId('linked').waitFor();
  expect(new URL(second.page.url()).hash).toBe('#objective');
  await goTo(second.page, 'data');
  await takeSample(second.page);
  expect(await configOf(second)).toEqual(wanted);
});

test('the address follows the options, and a page that is loaded again has them still', async () => {
  const { page } = await site.open('?backend=wasm');
  const query = () => Object.fromEntries(new URL(page.url()).searchParams);
  expect(query()).toEqual({ backend: 'wasm' });
  await takeSample(page);
  await setOptions(page, { 'Learning rate': '7e-4', 'Batch size': '16' });
  await page.getByRole('combobox', { name: 'Pooling' }).selectOption('cls');
  await expect.poll(query).toMatchObject({ learningRate: '7e-4', batchSize: '16', pooling: 'cls', backend: 'wasm' });
  expect(query()).toMatchObject({ model: 'embedsmith-tiny' });
  await page.reload();
  const field = (name: string) => page.getByRole('textbox', { name, exact: true }).inputValue();
  await expect.poll(() => field('Learning rate')).toBe('7e-4');
  expect(await field('Batch size')).toBe('16');
  expect(await page.getByRole('combobox', { name: 'Pooling' }).inputValue()).toBe('cls');
  await expect.poll(() => page.getByTestId('linked').count()).toBe(0);
  await page.locator('.rail [href="#model"]').getByText('embedsmith-tiny').waitFor();
});

test('what is wrong in a link is said, and nothing of a hub is loaded unasked', async () => {
  const studio = await site.open('?learningRate=5&speed=9&epochs=2&model=someone/model#objective');
  const note = studio.page.getByTestId('linked');
  await note.getByText('Learning rate: Enter a number from 1e-7 to 0.1.').waitFor();
  await note.getByText('The link sets “speed”').waitFor();
  await note.getByRole('button', { name: 'Load someone/model' }).waitFor();
  expect(await studio.page.getByRole('textbox', { name: 'Epochs', exact: true }).inputValue()).toBe('2');
  await note.getByRole('button', { name: 'Dismiss' }).click();
  await note.waitFor({ state: 'detached' });
});
