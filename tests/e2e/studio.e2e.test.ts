/** The main job in real Chromium: drop, train, watch, export, take back; and what happens when things go wrong. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { exportModel } from '../../src/files/export-model.ts';
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
  expect(await figure(page, 'spearman-after')).toBeGreaterThan(await figure(page, 'spearman-before'));
  expect(await page.getByTestId('run-card').first().textContent()).toMatch(/Spearman rose from/);
  for (const chart of ['chart-loss', 'chart-spearman', 'chart-rate', 'chart-distribution']) {
    const path = await page.getByTestId(chart).locator('path.recharts-curve').first().getAttribute('d');
    expect(path!.split(/[LC]/).length, chart).toBeGreaterThan(3);
  }
  expect(await page.getByTestId('chart-spearman').locator('circle').count()).toBeGreaterThanOrEqual(evaluations.length);

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
    const before = (await studio.replies()).length;
    await page.getByRole('button', { name: /^Compare/ }).click();
    await expect.poll(async () => (await studio.replies()).length, { timeout: 20_000 }).toBeGreaterThan(before);
    await page.getByTestId('cosine-now').waitFor();
    const reply = (await studio.replies()).findLast(
      (r) => r.kind === 'result' && r.result !== null && 'now' in r.result,
    );
    if (reply?.kind !== 'result' || reply.result === null || !('now' in reply.result)) throw new Error('no embeddings');
    return reply.result;
  };
  const trained = await compare();
  expect(trained.now).not.toEqual(trained.before);

  await drop({ name: 'mine.zip', bytes: zip });
  await page.getByTestId('model-summary').getByText('mine').first().waitFor();
  const taken = await compare();
  expect(taken.now).toHaveLength(2 * trained.hidden);
  for (const [i, value] of [...taken.now].entries()) expect(Math.abs(value - trained.now[i]!)).toBeLessThan(1e-6);
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

test('a model that gives no finite loss: the run ends, says at which step, and can be repeated with another', async () => {
  const { files, name } = readModel('embedsmith-tiny');
  const base = loadModel(files, name);
  const tensors = new Map(base.tensors);
  const bias = 'encoder.layer.0.output.dense.bias';
  tensors.set(bias, { shape: [128], data: new Float32Array(128).fill(Number.NaN) });
  const bytes = exportModel({ base, tensors, name: 'broken', pooling: 'mean', maxLength: 64, run: null });

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
