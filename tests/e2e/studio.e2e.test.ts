/** The main job in real Chromium: drop, train, watch, export, take back; and what happens when things go wrong. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { exportEncoder } from '../../src/files/export-encoder.ts';
import { loadModel } from '../../src/files/load-model.ts';
import {
  figure,
  fileOf,
  launchBrowser,
  openStudio,
  type Server,
  type StudioPage,
  sample,
  setOptions,
  startServer,
  takeSample,
  textFile,
  waitForRun,
} from '../support/studio.ts';

let server: Server;
let browser: Browser;
let studio: StudioPage;

beforeAll(async () => {
  server = await startServer(4273);
  browser = await launchBrowser(false);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});
afterEach(async () => {
  await studio.page.context().close();
  expect(studio.complaints).toEqual([]);
});

const stepsOf = (events: RunEvent[]) => events.flatMap((event) => (event.type === 'step' ? [event] : []));
const lossesOf = (events: RunEvent[]) => stepsOf(events).map(({ metrics }) => metrics['train/loss']);

test('drop pairs, add scored pairs, train, export, take the export back', async () => {
  studio = await openStudio(browser, server.address);
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
  await page.getByRole('button', { name: /^Train/ }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
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
    await page.goto(`${page.url().split('#')[0]}#try`);
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
  studio = await openStudio(browser, server.address, 'zh-CN');
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

describe('what is wrong is said beside it', () => {
  test('an empty file, a binary, bad rows, an option out of range', async () => {
    studio = await openStudio(browser, server.address);
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
    studio = await openStudio(browser, `${server.address}?backend=webgpu`);
    await studio.page.getByText('cannot be forced').first().waitFor();
  });

  test('a zip that is no model leaves the model that was loaded', async () => {
    studio = await openStudio(browser, server.address);
    const { page, drop } = studio;
    await takeSample(page);
    await drop(textFile('broken.zip', 'this is no zip'));
    await page.getByText('“broken.zip” is not a zip archive').waitFor();
    await waitForRun(page, 'ready');
  });
});

test('labels that are no similarity: a cross-encoder learns them, and every step speaks of labels', async () => {
  studio = await openStudio(browser, server.address);
  const { page, drop } = studio;
  const kinds = ['billing', 'shipping', 'returns'];
  const rows = Array.from(
    { length: 60 },
    (_, i) => `a question ${i},an answer about ${kinds[i % 3]} ${i},${kinds[i % 3]}`,
  );
  await drop(textFile('kinds.csv', ['sentence1,sentence2,label', ...rows].join('\n')));
  await page.getByTestId('slot-train').getByText('3 labels: billing, returns, shipping.').waitFor();

  await page.goto(`${page.url().split('#')[0]}#objective`);
  await page.getByTestId('objective-softmax').getByText('Suggested').waitFor();
  await page.getByText(/^Not possible with this data/).click();
  await page.getByTestId('objective-cosent').getByText('Pick Softmax classification or Cross-encoder').waitFor();
  expect(await page.getByRole('radio', { name: 'CoSENT' }).isDisabled()).toBe(true);
  await page.getByTestId('objective-cross-encoder').click();
  expect(await page.getByRole('textbox', { name: 'Learning rate' }).inputValue()).toBe('5e-5');
  await setOptions(page, { Epochs: '1', 'Held out': '0.2', 'Evaluate every': '1000' });
  await waitForRun(page, 'ready');
  await page.getByRole('button', { name: /^Train/ }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  await page.getByTestId('chart-confusion').getByRole('columnheader', { name: 'shipping' }).waitFor();
  expect(await page.getByTestId('chart-distribution').count()).toBe(0);

  await page.goto(`${page.url().split('#')[0]}#evaluate`);
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

  await page.goto(`${page.url().split('#')[0]}#try`);
  await page.getByRole('button', { name: /example/ }).click();
  await page.getByRole('button', { name: /^Compare/ }).click();
  await page.getByTestId('class-now-billing').waitFor();
  const chances = await Promise.all([...kinds].map((kind) => figure(page, `class-now-${kind}`)));
  expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 2);

  await page.goto(`${page.url().split('#')[0]}#export`);
  await page.getByText('from sentence_transformers import CrossEncoder').waitFor();
});

test('a model folder from the disk, and base models judged beside each other', async () => {
  studio = await openStudio(browser, server.address);
  const { page } = studio;
  await takeSample(page);
  await page.goto(`${page.url().split('#')[0]}#model`);
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

  studio = await openStudio(browser, server.address);
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

test('ten steps on WebGPU give the losses of WASM', async () => {
  const words = ['parcel', 'refund', 'card', 'login', 'order', 'price', 'return', 'invoice', 'courier', 'shirt'];
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${words[i % 10]} ${words[(i * 3 + 1) % 10]} ${i},about my ${words[i % 10]} ${i}`,
  );
  const losses: Record<string, number[]> = {};
  const gpu = await launchBrowser(true);
  try {
    for (const backend of ['wasm', 'webgpu']) {
      const opened = await openStudio(gpu, `${server.address}?backend=${backend}`);
      if (backend === 'wasm') studio = opened;
      await opened.drop(textFile('tiny.csv', ['anchor,positive', ...rows].join('\n')));
      await opened.page.getByTestId('slot-train').getByText('tiny.csv').waitFor();
      await setOptions(opened.page, {
        Epochs: '1',
        'Batch size': '4',
        Dropout: '0',
        'Held out': '0',
        'Evaluate every': '1000',
      });
      await waitForRun(opened.page, 'ready');
      await opened.page.getByRole('button', { name: /^Train/ }).click();
      expect(await waitForRun(opened.page, 'finished', 'failed'), backend).toBe('finished');
      losses[backend] = lossesOf(await opened.events());
      expect(opened.complaints).toEqual([]);
    }
  } finally {
    await gpu.close();
  }
  expect(losses.wasm).toHaveLength(10);
  expect(losses.webgpu).toHaveLength(10);
  for (const [i, loss] of losses.wasm!.entries()) expect(Math.abs(losses.webgpu![i]! - loss) / loss).toBeLessThan(1e-3);
});
