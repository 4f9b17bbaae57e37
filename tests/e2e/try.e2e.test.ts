/** The tabs of Try in real Chromium: before any training, while a run is paused, and after it; by pointer and by keyboard. */
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/contract/run.ts';
import {
  figure,
  goTo,
  type StudioPage,
  serveStudio,
  setOptions,
  takeSample,
  textFile,
  waitForRun,
} from '../support/studio.ts';

const site = serveStudio(4274);
let studio: StudioPage;

const lossesOf = (events: RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [event.metrics['train/loss']] : []));

async function openTry(tab: string): Promise<void> {
  const { page } = studio;
  await goTo(page, 'try');
  await page.getByRole('tab', { name: tab }).click();
}

test('before training: tokens in two scripts, neighbours, a search in a file that is dropped, and a long one cut off', async () => {
  studio = await site.open();
  const { page } = studio;
  await openTry('Pair');
  await page.getByTestId('try-standing').getByRole('button', { name: 'Go to Model' }).waitFor();
  await page.goBack();
  await takeSample(page);

  await openTry('Tokens');
  const text = page.getByRole('textbox', { name: 'Text' });
  await text.fill('parcels 快递 ☂');
  const tokens = page.getByTestId('tokens').getByRole('listitem');
  await expect.poll(() => tokens.allTextContents()).toEqual(expect.arrayContaining([expect.stringMatching(/^快\d+$/)]));
  const said = await tokens.allTextContents();
  expect(said[0]).toMatch(/^\[CLS\]\d+special$/);
  expect(said.at(-1)).toMatch(/^\[SEP\]\d+special$/);
  await text.fill('word '.repeat(70));
  await page.getByTestId('token-summary').getByText('8 of them are cut off at the maximum length of 64.').waitFor();
  expect(await page.getByTestId('tokens').locator('[data-cut]').count()).toBe(8);

  await openTry('Neighbours');
  await page
    .getByRole('textbox', { name: 'Sentences' })
    .fill('the parcel is late\nmy package is late\nI forgot my password');
  await page.getByRole('button', { name: 'Find neighbours' }).click();
  const hits = page.getByTestId('hits-now').getByRole('listitem');
  await expect.poll(() => hits.count()).toBe(2);
  expect(await hits.first().textContent()).toContain('my package is late');
  expect(await page.getByTestId('hits-before').count(), 'nothing to compare with').toBe(0);
  await page.getByRole('option', { name: 'I forgot my password' }).focus();
  await page.keyboard.press('Space');
  await expect.poll(() => hits.allTextContents().then((all) => all.join())).not.toContain('I forgot my password');

  await openTry('Search');
  const corpus = page.getByRole('textbox', { name: 'Texts to search in' });
  const lines = Array.from({ length: 10_050 }, (_, i) => `note ${i} about the courier and parcel ${i % 97}`);
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'notes.txt', { type: 'text/plain' }));
    return data;
  }, lines.join('\n'));
  await corpus.dispatchEvent('dragover', { dataTransfer: transfer });
  await corpus.dispatchEvent('drop', { dataTransfer: transfer });
  await page.getByText('10,050 lines; the first 10,000 are used.').waitFor();
  expect(await page.getByRole('dialog').count(), 'the file is not taken for training data').toBe(0);
  await page.getByRole('searchbox', { name: 'Search for' }).fill('where is my parcel');
  await page.keyboard.press('Enter');
  await page.getByTestId('try-progress').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Search', exact: true }).waitFor();
  expect(await page.getByTestId('search').count()).toBe(0);

  await corpus.fill('the courier lost my parcel\nreset your password here\nour shops open at nine');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByTestId('search').getByRole('listitem').first().waitFor();
  expect(await page.getByTestId('hits-now').getByRole('listitem').first().textContent()).toContain('the courier lost');
  expect(await page.getByTestId('hits-now').getByRole('listitem').count()).toBe(3);
});

test('a classifier ranks by the probability of a label, and has no map', async () => {
  studio = await site.open();
  const { page, drop } = studio;
  const kinds = ['billing', 'shipping'];
  const rows = Array.from(
    { length: 40 },
    (_, i) => `a question ${i},an answer about ${kinds[i % 2]} ${i},${kinds[i % 2]}`,
  );
  await drop(textFile('kinds.csv', ['sentence1,sentence2,label', ...rows].join('\n')));
  await page.getByTestId('slot-train').getByText('2 labels: billing, shipping.').waitFor();
  await goTo(page, 'objective');
  await page.getByTestId('objective-cross-encoder').click();
  await setOptions(page, { Epochs: '1', 'Evaluate every': '1000' });
  await waitForRun(page, 'ready');
  await page.getByRole('button', { name: /^Train/ }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  await openTry('Search');
  await page.getByRole('textbox', { name: 'Texts to search in' }).fill('about billing\nabout shipping\nabout nothing');
  await page.getByRole('searchbox', { name: 'Search for' }).fill('a question');
  await page.getByRole('button', { name: 'Rank', exact: true }).click();
  const values = async () =>
    (await page.getByTestId('hits-now').locator('li > .number:not(.quiet)').allTextContents()).map(Number);
  await expect.poll(async () => (await values()).length).toBe(3);
  const billing = await values();
  expect(billing).toEqual([...billing].sort((a, b) => b - a));
  await page.getByRole('combobox', { name: 'Rank by the probability of' }).selectOption({ label: 'shipping' });
  const shipping = await values();
  for (const [i, value] of shipping.entries()) expect(value + billing[2 - i]!).toBeCloseTo(1, 3);
  await openTry('Map');
  await page.getByRole('button', { name: 'Draw the map' }).click();
  await page.getByRole('alert').getByText('A cross-encoder reads two sentences at once').waitFor();
});

test('in a pause and after the run: every tab answers for both models, and the run goes on as if nobody had asked', async () => {
  studio = await site.open();
  const { page } = studio;
  await takeSample(page);
  const train = async () => {
    await page
      .getByRole('button', { name: /^Train/ })
      .last()
      .click();
  };
  await setOptions(page, { Epochs: '1', 'Evaluate every': '8' });
  await waitForRun(page, 'ready');
  await train();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  const plain = lossesOf(await studio.events());

  await train();
  await openTry('Pair');
  await page.getByTestId('try-standing').getByRole('button', { name: 'Pause the run' }).click();
  await waitForRun(page, 'paused');
  await page.getByRole('button', { name: 'A pair of my data' }).click();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  expect(await figure(page, 'cosine-now')).not.toBe(await figure(page, 'cosine-before'));
  await page.getByRole('button', { name: 'Swap the sentences' }).click();
  await page.getByText('This answer is from before a change.').waitFor();

  await openTry('Search');
  await page.getByRole('button', { name: 'Take from my data' }).click();
  await page.getByRole('searchbox').fill('where is my parcel');
  await page.keyboard.press('Enter');
  // The run may go on before the answer is there: then it is the answer that ends.
  await page.getByRole('button', { name: 'Resume' }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  const losses = lossesOf(await studio.events());
  expect(losses.slice(plain.length)).toEqual(plain);
  expect(plain.length).toBeGreaterThan(20);

  await page.getByRole('searchbox').press('Enter');
  await page.getByTestId('hits-before').getByRole('listitem').nth(9).waitFor();
  expect(await page.getByTestId('hits-now').getByRole('listitem').count()).toBe(10);

  await openTry('Batch');
  await page.getByRole('button', { name: 'Show the batch' }).click();
  const view = page.getByTestId('matrix');
  await view.getByRole('img', { name: 'Difference' }).waitFor();
  await view.getByRole('application').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
  const reading = await page.getByTestId('matrix-cell').textContent();
  await view.getByText('As a table').click();
  const row = page.getByTestId('matrix-table').locator('tbody tr').nth(1);
  const [, now] = /Now (\S+)/.exec(reading!)!;
  expect(Number(await row.locator('td').nth(1).textContent())).toBeCloseTo(Number(now), 2);
  expect(reading).toContain((await row.locator('th').textContent())!.slice(2).trim());
  const box = (await view.getByRole('img', { name: 'Now' }).boundingBox())!;
  await page.mouse.move(box.x + box.width - 3, box.y + 3);
  await expect.poll(() => page.getByTestId('matrix-cell').textContent()).toMatch(/^1 .*24 /s);

  await openTry('Map');
  await page.getByRole('button', { name: 'Draw the map' }).click();
  await page.getByTestId('map-step').getByText(`Step ${plain.length}`).waitFor();
  const slider = page.getByRole('slider', { name: 'Evaluation shown' });
  const evaluations = (await studio.events()).filter(({ type }) => type === 'evaluation').length / 2;
  expect(Number(await slider.getAttribute('max'))).toBe(evaluations - 1);
  await slider.focus();
  await page.keyboard.press('Home');
  await page.getByTestId('map-step').getByText('Before training').waitFor();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByTestId('map-step').getByText(`Step ${plain.length}`).waitFor();
  const option = page.getByRole('option').nth(2);
  await option.focus();
  const sentence = (await option.textContent())!;
  await page.getByTestId('map-reading').getByText(sentence, { exact: true }).waitFor();
  await page.keyboard.press('Space');
  await page.getByRole('searchbox', { name: 'Find a sentence' }).focus();
  await page.getByTestId('map-reading').getByText(sentence, { exact: true }).waitFor();
  const [canvas] = await Promise.all([page.getByTestId('map').getByRole('img').boundingBox()]);
  await page.mouse.click(canvas!.x + 4, canvas!.y + 4);
  await page.getByTestId('map-reading').getByText('Point at a sentence').waitFor();
  await page.getByText('UMAP', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Draw the map' }).click();
  await page.getByTestId('map-step').getByText(`Step ${plain.length}`).waitFor({ timeout: 120_000 });
});
