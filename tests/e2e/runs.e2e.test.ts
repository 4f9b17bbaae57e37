/** Kept runs in real Chromium: a crash in mid-run, stopping with a choice of weights, the table, its diff, and running again. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunEvent } from '../../src/contract/run.ts';
import {
  goTo,
  launchProfile,
  openPage,
  type Server,
  type StudioPage,
  setOptions,
  startServer,
  startTraining,
  takeSample,
  waitForRun,
} from '../support/studio.ts';

let server: Server;
let folder: string;
let context: Awaited<ReturnType<typeof launchProfile>>;
let studio: StudioPage;

beforeAll(async () => {
  server = await startServer(4275);
  folder = mkdtempSync(join(tmpdir(), 'embedsmith-profile-'));
  context = await launchProfile(folder);
});
afterAll(async () => {
  await context?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const lossesOf = (events: RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [[event.step, event.metrics['train/loss']]] : []));

async function chooseFromMenu(page: Page, run: string | RegExp, item: string | RegExp): Promise<void> {
  const row = page.getByTestId('run-row').filter({ has: page.getByRole('checkbox', { name: run }) });
  await row.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

let unbroken: number[][];

test('the page crashes in mid-run: reopened, the run goes on, and its losses are those of an unbroken run', async () => {
  studio = await openPage(context, server.address);
  let { page } = studio;
  await takeSample(page);
  await setOptions(page, { Epochs: '1', 'Evaluate every': '20', 'Checkpoint every': '5' });
  await waitForRun(page, 'ready');
  await startTraining(page);
  await expect
    .poll(async () => (await studio.events()).filter(({ type }) => type === 'saved').length, { timeout: 60_000 })
    .toBeGreaterThan(1);
  expect(await page.getByTestId('saved-step').textContent()).toMatch(/^\d+$/);
  const seen = lossesOf(await studio.events());
  expect(studio.complaints).toEqual([]);
  await page.goto('chrome://crash').catch(() => {});
  await page.close();

  studio = await openPage(context, server.address);
  page = studio.page;
  const note = page.getByTestId('interrupted');
  const button = note.getByRole('button', { name: /^Continue from step/ });
  await button.waitFor({ timeout: 30_000 });
  const from = Number(/\d+/.exec((await button.textContent())!)![0]);
  expect(from).toBeGreaterThan(0);
  await button.click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  const events = await studio.events();
  expect(events.find(({ type }) => type === 'started')).toMatchObject({ step: from });
  const rest = lossesOf(events);
  expect(rest[0]![0]).toBe(from + 1);

  // The screen knows the steps before the crash, too.
  const download = page.waitForEvent('download');
  await page.getByTestId('chart-loss').getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Save as CSV' }).click();
  const csv = readFileSync(await (await download).path(), 'utf8');
  const whole = csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

  await startTraining(page);
  expect(await waitForRun(page, 'starting', 'running')).toBeTruthy();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  unbroken = lossesOf(await studio.events()).slice(rest.length);
  expect(unbroken.length).toBeGreaterThan(20);
  expect(seen.length).toBeGreaterThanOrEqual(10);
  expect(seen).toEqual(unbroken.slice(0, seen.length));
  expect(rest).toEqual(unbroken.slice(from));
  expect(whole).toEqual(unbroken);
  expect(studio.complaints).toEqual([]);
});

test('stopped with the best weights, by keyboard', async () => {
  const { page } = studio;
  await setOptions(page, { 'Learning rate': '0.02', 'Evaluate every': '5' });
  await waitForRun(page, 'ready', 'finished');
  await startTraining(page);
  await expect
    .poll(async () => (await studio.events()).findLast(({ type }) => type === 'step')?.step, { timeout: 60_000 })
    .toBeGreaterThan(11);
  await page.getByRole('button', { name: 'Choose which weights to keep' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: /^Keep the best weights/ }).focus();
  await page.keyboard.press('Enter');
  expect(await waitForRun(page, 'stopped', 'failed')).toBe('stopped');
  const last = (await studio.events()).at(-1)!;
  if (last.type !== 'finished') throw new Error('not finished');
  expect(last.keptStep).toBe(last.best?.step);
});

test('the table: two runs differ in what was changed; rename, search, sort, delete and undo', async () => {
  const { page } = studio;
  await goTo(page, 'runs');
  const rows = page.getByTestId('run-row');
  await expect.poll(() => rows.count()).toBe(3);
  await expect.poll(() => rows.first().textContent()).toContain('Stopped');
  const name = rows.first().getByRole('textbox', { name: /^Name of/ });
  await name.fill('too fast');
  await name.press('Enter');
  const note = rows.nth(1).getByRole('textbox', { name: /^Note on/ });
  await note.fill('the unbroken one');
  await note.press('Enter');
  await page.getByRole('checkbox', { name: 'Select too fast' }).check();
  await rows.nth(1).getByRole('checkbox').check();
  const diff = page.getByTestId('runs-diff');
  expect(await diff.getByTestId(/^diff-/).allTextContents()).toEqual(['Learning rate0.022e-4', 'Evaluate every520']);
  await page.getByRole('button', { name: 'Clear selection' }).click();

  await page.getByRole('searchbox', { name: 'Search runs' }).fill('UNBROKEN');
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('');
  await page.getByRole('button', { name: 'Result' }).click();
  const results = (await page.getByTestId('run-result').allTextContents()).map((text) =>
    Number(/→ (\S+?)[A-Z]/.exec(text)![1]),
  );
  expect(results).toEqual([...results].sort((a, b) => b - a));

  await chooseFromMenu(page, 'Select too fast', 'Delete');
  await expect.poll(() => rows.count()).toBe(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => rows.count()).toBe(3);
  await page.reload();
  await expect.poll(() => rows.count()).toBe(3);
  await page.getByRole('checkbox', { name: 'Select too fast' }).waitFor();
});

test('a run is laid over the charts, saved as CSV, opened for Try, and run again to the same losses', async () => {
  const { page } = studio;
  const row = page.getByTestId('run-row').filter({ has: page.locator('input[value="the unbroken one"]') });
  await row.getByRole('button', { name: /^More/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save metrics as CSV' }).click();
  const [head, ...lines] = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(head).toMatch(/^step,epoch,train\/loss,/);
  const losses = lines
    .map((line) => line.split(','))
    .flatMap((cells) => (cells[2] ? [[Number(cells[0]), Number(cells[2])]] : []));
  expect(losses).toEqual(unbroken);

  await row.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Open its weights' }).click();
  await page.getByTestId('chart-loss').waitFor();
  await goTo(page, 'try');
  await page.getByRole('button', { name: /example/ }).click();
  await page.getByRole('button', { name: /^Compare/ }).click();
  const now = await page.getByTestId('cosine-now').textContent();
  expect(now).not.toBe(await page.getByTestId('cosine-before').textContent());

  await goTo(page, 'runs');
  await chooseFromMenu(page, 'Select too fast', 'Show in charts');
  await row.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Run it again' }).click();
  expect(await waitForRun(page, 'running')).toBe('running');
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  expect(lossesOf(await studio.events())).toEqual(unbroken);
  await page.getByTestId('chart-loss').locator('.chart-legend').getByText('too fast').waitFor();
  expect(studio.complaints).toEqual([]);
});

test('a queue of three rates: one is skipped, the others outlive a reload, and the table ends sorted by result', async () => {
  const { page } = studio;
  await goTo(page, 'runs');
  const before = await page.getByTestId('run-row').count();
  const begun = async () =>
    (await studio.events()).flatMap((event) => (event.type === 'started' ? [event.config] : []));
  const known = (await begun()).length;
  await page.getByText('Queue several runs').click();
  await page.getByRole('textbox', { name: 'Values, separated by commas' }).fill('1e-4, 3e-4, 1e-3');
  await page.getByRole('button', { name: 'Queue 3 runs' }).click();
  await page.getByTestId('queue').getByText('2 runs waiting.').waitFor();
  await page.getByRole('button', { name: 'Hold the queue' }).click();
  await waitForRun(page, 'running');
  await page.getByRole('button', { name: 'Skip this run' }).click();
  await waitForRun(page, 'stopped');
  await page.waitForTimeout(1000);
  expect(
    (await begun()).slice(known).map(({ learningRate }) => learningRate),
    'held',
  ).toEqual([1e-4]);

  await page.reload();
  await page.getByTestId('queue').getByText('Queue paused, 2 runs waiting.').waitFor();
  const goOn = page.getByRole('button', { name: 'Go on with the queue' });
  expect(await goOn.isDisabled(), 'there is no data yet').toBe(true);
  await goTo(page, 'data');
  await takeSample(page);
  await goTo(page, 'runs');
  await goOn.click();
  await page.getByTestId('queue').waitFor({ state: 'detached', timeout: 120_000 });
  expect((await begun()).map(({ learningRate }) => learningRate)).toEqual([3e-4, 1e-3]);
  await expect.poll(() => page.getByTestId('run-row').count()).toBe(before + 3);
  expect(await page.getByRole('columnheader', { name: 'Result' }).getAttribute('aria-sort')).toBe('descending');
  expect(studio.complaints).toEqual([]);
});

test('a project is exported, and imported into a fresh profile: table, curves, weights and data are there', async () => {
  const { page } = studio;
  await goTo(page, 'runs');
  await page.getByText('Project file', { exact: true }).click();
  const count = await page.getByTestId('run-row').count();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: `Save ${count} runs` }).click();
  const path = await (await download).path();
  const results = async (of: Page) => (await of.getByTestId('run-row').allTextContents()).sort();
  const wanted = await results(page);

  const other = mkdtempSync(join(tmpdir(), 'embedsmith-other-'));
  const fresh = await launchProfile(other);
  try {
    const second = await openPage(fresh, server.address);
    await second.drop({ name: 'project.zip', bytes: new Uint8Array(readFileSync(path)) });
    await expect.poll(() => second.page.getByTestId('run-row').count()).toBe(count);
    await second.page.getByText('Project file', { exact: true }).click();
    await second.page.getByTestId('project').locator('input[type=file]').setInputFiles(path);
    await second.page.getByText('0 runs taken in.').waitFor();
    expect(await results(second.page)).toEqual(wanted);
    const row = second.page
      .getByTestId('run-row')
      .filter({ has: second.page.locator('input[value="the unbroken one"]') });
    await row.getByRole('button', { name: /^More/ }).click();
    await second.page.getByRole('menuitem', { name: 'Open its weights' }).click();
    await second.page.getByTestId('chart-loss').waitFor();
    await goTo(second.page, 'evaluate');
    await second.page.getByTestId('worst-pairs').waitFor();
    await goTo(second.page, 'train');
    await second.page
      .locator('.speed')
      .getByText(/^\d+(\.\d)? ms$/)
      .waitFor();
    await goTo(second.page, 'runs');
    await row.getByRole('button', { name: /^More/ }).click();
    await second.page.getByRole('menuitem', { name: 'Run it again' }).click();
    expect(await waitForRun(second.page, 'running')).toBe('running');
    expect(await waitForRun(second.page, 'finished', 'failed')).toBe('finished');
    expect(lossesOf(await second.events())).toEqual(unbroken);
    expect(second.complaints).toEqual([]);
  } finally {
    await fresh.close();
    rmSync(other, { recursive: true, force: true });
  }
});
