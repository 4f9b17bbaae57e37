/** The main job in real Chromium: drop, train, watch, export, take back. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/contract/run.ts';
import {
  figure,
  fileOf,
  goTo,
  sample,
  serveStudio,
  setOptions,
  takeSample,
  textFile,
  trainToEnd,
  waitForRun,
} from '../support/studio.ts';

const site = serveStudio(4273);

const stepsOf = (events: RunEvent[]) => events.flatMap((event) => (event.type === 'step' ? [event] : []));

test('drop pairs, add scored pairs, train, export, take the export back', async () => {
  const studio = await site.open();
  const { page, drop } = studio;
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  expect(cores, 'cores of this machine; threads need two').toBeGreaterThan(1);
  await page
    .getByTestId('backend')
    .getByText(/([2-8]) threads/)
    .waitFor();

  await drop(fileOf(sample('pairs-en.csv')));
  await page.getByTestId('slot-train').getByText('pairs-en.csv').waitFor();
  await drop(fileOf(sample('scored-en.csv')));
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /evaluation/i })
    .click();
  await page.getByTestId('slot-evaluation').getByText('scored-en.csv').waitFor();
  await page.getByText('rescaled to 0–1').waitFor();

  await setOptions(page, { Epochs: '2', 'Evaluate every': '10' });
  await waitForRun(page, 'ready');
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
  await trainToEnd(page);
  const longTasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
  console.log(`main thread, tasks over 50 ms while training: ${longTasks.map(Math.round).join(', ') || 'none'}`);

  const events = await studio.events();
  const evaluations = events.filter(({ type }) => type === 'evaluation');
  expect(events[0]).toMatchObject({ type: 'started', step: 0 });
  expect(evaluations[0]).toMatchObject({ step: 0 });
  expect(stepsOf(events).length).toBeGreaterThan(20);
  const [after, before] = ['eval/spearman_cosine-after', 'eval/spearman_cosine-before'] as const;
  expect(await figure(page, after)).toBeGreaterThan(await figure(page, before));
  expect(await page.getByTestId('run-card').first().textContent()).toMatch(/Spearman \(cosine\) rose from/);
  for (const chart of ['chart-loss', 'chart-metric', 'chart-rate', 'chart-distribution']) {
    const path = await page.getByTestId(chart).locator('path.recharts-curve').first().getAttribute('d');
    expect(path!.split(/[LC]/).length, chart).toBeGreaterThan(3);
  }
  expect(await page.getByTestId('chart-metric').locator('circle').count()).toBeGreaterThanOrEqual(evaluations.length);

  const download = page.waitForEvent('download');
  await page
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  const exported = await download;
  expect(exported.suggestedFilename()).toBe('embedsmith-tiny-mnrl.zip');
  const zip = new Uint8Array(readFileSync(await exported.path()));

  const compare = async () => {
    await goTo(page, 'try');
    await page.getByRole('textbox').nth(0).fill('where is my parcel');
    await page.getByRole('textbox').nth(1).fill('my package has not arrived yet');
    const heard = (await studio.replies()).length;
    await page.getByRole('button', { name: /^Compare/ }).click();
    await expect.poll(async () => (await studio.replies()).length, { timeout: 20_000 }).toBeGreaterThan(heard);
    await page.getByTestId('cosine-now').waitFor();
    const reply = (await studio.replies()).findLast(
      (r) => r.kind === 'result' && r.result !== null && 'now' in r.result,
    );
    if (reply?.kind !== 'result' || reply.result === null || !('now' in reply.result)) throw new Error('no answer');
    const { before, now } = reply.result;
    if (typeof before !== 'number' || typeof now !== 'number') throw new Error('no cosines');
    return { before, now };
  };
  const trained = await compare();
  expect(Math.abs(trained.now - trained.before)).toBeGreaterThan(1e-3);

  await drop({ name: 'mine.zip', bytes: zip });
  await page.getByTestId('model-summary').getByText('mine').first().waitFor();
  const taken = await compare();
  expect(Math.abs(taken.now - trained.now)).toBeLessThan(1e-6);
  expect(Math.abs(taken.before - taken.now)).toBeLessThan(1e-6);
});

test('the sample fills everything and leaves only Train; pause, resume, stop; leaving asks', async () => {
  const studio = await site.open('', 'zh-CN');
  const { page } = studio;
  await page.getByRole('button', { name: '示例' }).first().click();
  await waitForRun(page, 'ready');
  expect(await page.locator('html').getAttribute('lang')).toMatch(/^zh/);
  await page
    .getByRole('button', { name: '开始训练' })
    .or(page.getByRole('button', { name: '训练', exact: true }))
    .first()
    .click();
  await expect.poll(async () => stepsOf(await studio.events()).length, { timeout: 60_000 }).toBeGreaterThan(2);
  await page.getByRole('button', { name: '暂停' }).click();
  await waitForRun(page, 'paused');
  const paused = stepsOf(await studio.events()).length;
  await page.waitForTimeout(1500);
  expect(stepsOf(await studio.events()).length).toBe(paused);

  let asked = false;
  page.once('dialog', (dialog) => {
    asked = dialog.type() === 'beforeunload';
    void dialog.dismiss();
  });
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toBe(true);

  await page.getByRole('button', { name: '继续' }).click();
  await expect.poll(async () => stepsOf(await studio.events()).length, { timeout: 60_000 }).toBeGreaterThan(paused + 1);
  await page.getByRole('button', { name: '暂停' }).click();
  await waitForRun(page, 'paused');
  await page.getByRole('button', { name: '停止' }).click();
  expect(await waitForRun(page, 'stopped', 'failed')).toBe('stopped');
  const last = (await studio.events()).at(-1)!;
  expect(last).toMatchObject({ type: 'finished', reason: 'stopped' });
  expect((await studio.events()).at(-2)).toMatchObject({ type: 'evaluation', step: last.step });
});

test('labels that are no similarity: a cross-encoder learns them, and every step speaks of labels', async () => {
  const studio = await site.open();
  const { page, drop } = studio;
  const kinds = ['billing', 'shipping', 'returns'];
  const rows = Array.from(
    { length: 60 },
    (_, i) => `a question ${i},an answer about ${kinds[i % 3]} ${i},${kinds[i % 3]}`,
  );
  await drop(textFile('kinds.csv', ['sentence1,sentence2,label', ...rows].join('\n')));
  await page.getByTestId('slot-train').getByText('3 labels: billing, returns, shipping.').waitFor();

  await goTo(page, 'objective');
  await page.getByTestId('objective-softmax').getByText('Suggested').waitFor();
  await page.getByText(/^Not possible with this data/).click();
  await page.getByTestId('objective-cosent').getByText('Pick Softmax classification or Cross-encoder').waitFor();
  expect(await page.getByRole('radio', { name: 'CoSENT' }).isDisabled()).toBe(true);
  await page.getByTestId('objective-cross-encoder').click();
  expect(await page.getByRole('textbox', { name: 'Learning rate' }).inputValue()).toBe('5e-5');
  await setOptions(page, { Epochs: '1', 'Held out': '0.2', 'Evaluate every': '1000' });
  await waitForRun(page, 'ready');
  await trainToEnd(page);
  await page.getByTestId('chart-confusion').getByRole('columnheader', { name: 'shipping' }).waitFor();
  expect(await page.getByTestId('chart-distribution').count()).toBe(0);

  await goTo(page, 'evaluate');
  expect(await figure(page, 'eval/accuracy-after')).toBeLessThanOrEqual(1);
  const worst = page.getByTestId('worst-pairs');
  await worst.getByRole('button', { name: 'Error' }).click();
  expect(await worst.getByRole('columnheader', { name: 'Error' }).getAttribute('aria-sort')).toBe('ascending');
  const errors = await worst.locator('tbody td:last-child').allTextContents();
  expect(errors.length).toBeGreaterThan(5);
  expect(errors.map(Number)).toEqual(errors.map(Number).sort((left, right) => left - right));
  for (const [name, file] of [
    [/^Download all/, 'predictions.csv'],
    [/^Labels/, 'classification_evaluation_results.csv'],
  ] as const) {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    expect((await download).suggestedFilename()).toBe(file);
  }

  await goTo(page, 'try');
  await page.getByRole('button', { name: /example/ }).click();
  await page.getByRole('button', { name: /^Compare/ }).click();
  await page.getByTestId('class-now-billing').waitFor();
  const chances = await Promise.all([...kinds].map((kind) => figure(page, `class-now-${kind}`)));
  expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 2);

  await goTo(page, 'export');
  await page.getByText('from sentence_transformers import CrossEncoder').waitFor();
});

test('a model folder from the disk, and base models judged beside each other', async () => {
  const studio = await site.open();
  const { page } = studio;
  await takeSample(page);
  await goTo(page, 'model');
  const folder = fileURLToPath(new URL('../../public/presets/embedsmith-tiny', import.meta.url));
  await page.getByTestId('preset-embedsmith-tiny').getByText('Loaded').waitFor();
  await page.locator('input[type=file][webkitdirectory]').setInputFiles(folder);
  await page.getByTestId('preset-embedsmith-tiny').getByText('Loaded').waitFor({ state: 'detached' });
  await page.getByTestId('model-summary').getByText('2,205,440').waitFor();

  const comparison = page.getByTestId('comparison');
  await comparison.getByRole('checkbox', { name: 'embedsmith-tiny' }).check();
  await comparison.getByRole('button', { name: /^Compare/ }).click();
  const row = comparison.getByRole('row', { name: /^embedsmith-tiny/ });
  await row.getByRole('button', { name: /^Use this model/ }).click({ timeout: 60_000 });
  await page.getByTestId('preset-embedsmith-tiny').getByText('Loaded').waitFor();
  expect(Number(await row.getByRole('cell').first().textContent())).toBeGreaterThan(0.3);
});
