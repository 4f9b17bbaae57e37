/** What goes wrong is said beside it, and what was there before stays: files, options, devices, models. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { exportEncoder } from '../../src/files/export-encoder.ts';
import { loadModel } from '../../src/files/load-model.ts';
import { serveStudio, setOptions, takeSample, textFile, waitForRun } from '../support/studio.ts';

const site = serveStudio(4279);

test('an empty file, a binary, bad rows, an option out of range', async () => {
  const studio = await site.open();
  const { page, drop } = studio;
  await drop(textFile('nothing.csv', ''));
  await page.getByText('“nothing.csv” is empty').waitFor();
  await drop({ name: 'photo.csv', bytes: Uint8Array.from({ length: 4000 }, (_, i) => (i * 37) % 256) });
  await page.getByText('“photo.csv” is not a text file').waitFor();

  const rows = Array.from({ length: 40 }, (_, i) => `first sentence ${i},second sentence ${i},${i % 6}`);
  rows[3] = 'only one field';
  rows[7] = ',no first text,3';
  rows[9] = 'a,b,not a number';
  await drop(textFile('rows.csv', ['sentence1,sentence2,score', ...rows].join('\n')));
  await page.getByTestId('slot-train').getByText('rows.csv').waitFor();
  const table = page.getByTestId('slot-train');
  await page.getByTestId('left-out').getByText('3').waitFor();
  await table.locator('details.left-out > summary').click();
  await table.getByText('Number of fields: 1; the table has 3 columns.').waitFor();
  const download = page.waitForEvent('download');
  await table.getByRole('button', { name: /Download/ }).click();
  const csv = readFileSync(await (await download).path(), 'utf8');
  expect(csv.trim().split(/\r?\n/)).toHaveLength(4);
  for (const line of ['5,', '9,', '11,']) expect(csv).toContain(`\n${line}`);

  await setOptions(page, { 'Learning rate': '5' });
  await page.getByText('Enter a number from 1e-7 to 0.1.').first().waitFor();
  expect(await page.getByRole('button', { name: /^Train/ }).isDisabled()).toBe(true);
  await setOptions(page, { 'Learning rate': '1e-4' });
  await waitForRun(page, 'ready');
});

test('a forced WebGPU that is not there', async () => {
  const studio = await site.open('?backend=webgpu');
  await studio.page.getByText('cannot be forced').first().waitFor();
});

test('a zip that is no model leaves the model that was loaded', async () => {
  const studio = await site.open();
  const { page, drop } = studio;
  await takeSample(page);
  await drop(textFile('broken.zip', 'this is no zip'));
  await page.getByText('“broken.zip” is not a zip archive').waitFor();
  await waitForRun(page, 'ready');
});

test('a model that gives no finite loss: the run ends, says at which step, and can be repeated with another', async () => {
  const { files, name } = readModel('embedsmith-tiny');
  const base = loadModel(files, name);
  const tensors = new Map(base.tensors);
  const bias = 'encoder.layer.0.output.dense.bias';
  tensors.set(bias, { shape: [128], data: new Float32Array(128).fill(Number.NaN) });
  const bytes = exportEncoder({
    base,
    tensors,
    name: 'broken',
    pooling: 'mean',
    normalize: true,
    maxLength: 64,
    run: null,
  });

  const studio = await site.open();
  const { page, drop } = studio;
  await takeSample(page);
  await drop({ name: 'broken.zip', bytes });
  await page.getByTestId('model-summary').getByText('broken').first().waitFor();
  await waitForRun(page, 'ready');
  await page
    .getByRole('button', { name: /^Train/ })
    .last()
    .click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('failed');
  await page.getByTestId('run-problem').getByText('The loss became NaN at step 1.').waitFor();
  await page.getByRole('button', { name: /^Train again/ }).waitFor();
});
