/** The charts as they are used: zoomed, read, compared, played and taken away, on runs that were made up. */
import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { feed, overlay, serveCharts } from '../support/charts-page.ts';
import { launchBrowser, whenMounted } from '../support/studio.ts';
import { type Synthetic, syntheticMetrics } from '../support/synthetic-run.ts';

const run: Synthetic = { runId: '0a1b2c3d-e', steps: 3000, evaluateEvery: 100, shift: 0, early: 2400 };
const other: Synthetic = { runId: 'other', steps: 2500, evaluateEvery: 100, shift: 0.2, early: null };
const stepCharts = ['chart-loss', 'chart-metric', 'chart-rate', 'chart-gradient', 'chart-tokens'];

let server: Awaited<ReturnType<typeof serveCharts>>;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await serveCharts(4303);
  browser = await launchBrowser(false);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  complaints = [];
  // This page alone has no service worker.
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 1000 }, serviceWorkers: 'block' });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.addInitScript(() => localStorage.setItem('tour', 'seen'));
  await page.goto(server.address);
  await page.waitForFunction(() => 'door' in globalThis);
  await whenMounted(page);
  await feed(page, run);
  for (const id of stepCharts) await page.getByTestId(id).locator('path.recharts-curve').first().waitFor();
});
afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});

const plotOf = (id: string): Locator => page.getByTestId(id).locator('.plot');

/** Numbers at an axis of a chart. */
async function ticksOf(id: string, axis: 'xAxis' | 'yAxis'): Promise<number[]> {
  const texts = await page.getByTestId(id).locator(`.recharts-${axis}-tick-labels text`).allTextContents();
  return texts.map((text) => Number(text.replaceAll(',', '').replace('−', '-')));
}

/** The ends of the range, as the row above the charts tells them. */
async function shownSteps(): Promise<number[]> {
  const text = (await page.getByTestId('chart-steps').textContent()) ?? '';
  return (text.match(/[\d,]+/g) ?? []).map((number) => Number(number.replaceAll(',', '')));
}

/** Waits until every chart of steps draws steps of this range alone. */
async function expectDrawn([from, to]: readonly [number, number]): Promise<void> {
  for (const id of stepCharts) {
    await expect
      .poll(
        async () => {
          const ticks = await ticksOf(id, 'xAxis');
          return ticks.length > 1 && ticks.every((tick) => tick >= from && tick <= to);
        },
        { timeout: 10_000 },
      )
      .toBe(true);
  }
}

async function drag(id: string, from: number, to: number): Promise<void> {
  const box = (await plotOf(id).boundingBox())!;
  await page.mouse.move(box.x + from * box.width, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + ((from + to) / 2) * box.width, box.y + 50);
  await page.mouse.move(box.x + to * box.width, box.y + 40);
  await page.mouse.up();
}

async function choose(id: string, item: string): Promise<void> {
  await page.getByTestId(id).getByRole('button', { name: /^More/ }).press('Enter');
  await page.getByRole('menuitem', { name: item }).press('Enter');
}

async function save(id: string, item: string): Promise<{ name: string; bytes: Buffer }> {
  const download = page.waitForEvent('download');
  await choose(id, item);
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test('one zoom for all charts: by dragging, by the wheel, by buttons and by keys', async () => {
  expect(await shownSteps()).toEqual([0, 3000]);
  await drag('chart-loss', 0.25, 0.75);
  const [from = 0, to = 0] = await shownSteps();
  expect(Math.abs(from - 750)).toBeLessThan(15);
  expect(Math.abs(to - 2250)).toBeLessThan(15);
  await expectDrawn([from, to]);

  await plotOf('chart-rate').hover();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await expect.poll(async () => (await shownSteps())[0]!).toBeGreaterThan(from);

  await plotOf('chart-loss').focus();
  await page.keyboard.press('0');
  expect(await shownSteps()).toEqual([0, 3000]);
  await page.keyboard.press('Home');
  await page.keyboard.press('+');
  expect(await shownSteps()).toEqual([0, 1500]);
  await page.keyboard.press('-');
  expect(await shownSteps()).toEqual([0, 3000]);

  await page.getByRole('button', { name: 'Zoom in' }).click();
  expect(await shownSteps()).toEqual([750, 2250]);
  await page.getByRole('slider', { name: 'First step shown' }).press('ArrowRight');
  expect((await shownSteps())[0]).toBeGreaterThan(750);
  await page.getByRole('button', { name: 'Show all steps' }).click();
  expect(await shownSteps()).toEqual([0, 3000]);
  await drag('chart-metric', 0.5, 0.6);
  await plotOf('chart-metric').dblclick();
  expect(await shownSteps()).toEqual([0, 3000]);
});

test('a logarithmic axis for the loss and the learning rate, and smoothing', async () => {
  const linear = await ticksOf('chart-loss', 'yAxis');
  expect(linear[0]).toBe(0);
  await page.getByText('Log axis').click();
  await expect.poll(async () => (await ticksOf('chart-loss', 'yAxis'))[0]!).toBeGreaterThan(0);
  await expect.poll(async () => (await ticksOf('chart-rate', 'yAxis'))[0]!).toBeGreaterThan(0);
  expect(await ticksOf('chart-metric', 'yAxis')).toContain(0.65);

  const smooth = () => page.getByTestId('chart-loss').locator('path.recharts-curve').last().getAttribute('d');
  const before = await smooth();
  await page.getByRole('slider', { name: 'Smoothing' }).press('Home');
  await expect.poll(smooth).not.toBe(before);
  await page.getByTestId('chart-loss').getByText('Smoothed', { exact: true }).waitFor({ state: 'detached' });
});

test('all charts are read at one step, by the pointer and by the arrow keys', async () => {
  const box = (await plotOf('chart-loss').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  for (const id of stepCharts) {
    const title = await page.getByTestId(id).locator('.reading p').textContent();
    const step = Number(title?.replace(/\D/g, ''));
    expect(Math.abs(step - 1500), id).toBeLessThan(10);
  }
  await page.getByTestId('distribution-step').getByText('Step 1,500').waitFor();

  await page.mouse.move(5, 5);
  await page.locator('.reading').first().waitFor({ state: 'detached' });
  const slider = page.getByRole('slider', { name: /^Learning rate: step/ });
  await slider.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  expect(await slider.getAttribute('aria-valuenow')).toBe('60');
  expect(await slider.getAttribute('aria-valuetext')).toBe('Step 60, Learning rate 3.9e−5');
  const loss = syntheticMetrics(60, run)['train/loss'].toFixed(4);
  await page.getByTestId('chart-loss').locator('.reading').getByText(loss).waitFor();
});

test('few points of many steps, the best step and the early end marked, a table of at most 200 rows', async () => {
  for (const id of stepCharts) {
    const lines = await page.getByTestId(id).locator('path.recharts-line-curve').all();
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const points = ((await line.getAttribute('d')) ?? '').split(/[LC]/).length;
      expect(points, id).toBeGreaterThan(10);
      expect(points, id).toBeLessThanOrEqual(400);
    }
  }
  expect(await page.getByTestId('chart-loss').locator('.recharts-reference-line').count()).toBe(2);
  await page.getByTestId('chart-loss').getByText('Stopped early at step 2,400').waitFor();
  await page.getByTestId('chart-metric').getByText('Best 0.855 · Step 2,100').waitFor();

  await page.getByRole('combobox', { name: 'Metric shown' }).selectOption({ label: 'Uniformity' });
  await page.getByTestId('chart-metric').getByText('Best −2.800 · Step 2,400').waitFor();

  await choose('chart-loss', 'Show as a table');
  const table = page.getByRole('region', { name: 'Loss, as a table' });
  expect(await table.getByRole('columnheader').allTextContents()).toEqual([
    'Step',
    'Value',
    'Lowest',
    'Highest',
    'Smoothed',
  ]);
  const rows = await table.locator('tbody tr').count();
  expect(rows).toBeGreaterThan(100);
  expect(rows).toBeLessThanOrEqual(200);
  await choose('chart-loss', 'Show as a chart');
  await page.getByTestId('chart-loss').locator('path.recharts-curve').first().waitFor();
});

test('PNG, SVG and CSV of what is shown; other runs beside it', async () => {
  await overlay(page, other, 'lr 3e-4');
  await page.getByTestId('chart-loss').locator('.chart-legend').getByText('lr 3e-4').waitFor();
  await page.getByText('1 other run shown').waitFor();
  await drag('chart-loss', 0.25, 0.75);
  const [from = 0, to = 0] = await shownSteps();
  await expectDrawn([from, to]);
  expect(await page.getByTestId('chart-loss').locator('path.recharts-line-curve').count()).toBe(3);

  const csv = await save('chart-loss', 'Save as CSV');
  expect(csv.name).toBe('mnrl-0a1b2c3d-loss.csv');
  const [head, ...rows] = csv.bytes.toString('utf8').trim().split('\r\n');
  expect(head).toBe('step,train/loss,train/loss (lr 3e-4)');
  expect(rows).toHaveLength(to - from + 1);
  for (const [i, row] of rows.entries()) {
    const [step, own, theirs] = row.split(',').map(Number);
    expect(step).toBe(from + i);
    expect(own).toBe(syntheticMetrics(from + i, run)['train/loss']);
    expect(theirs).toBe(syntheticMetrics(from + i, other)['train/loss']);
  }

  const svg = await save('chart-loss', 'Save as SVG');
  expect(svg.name).toBe('mnrl-0a1b2c3d-loss.svg');
  const text = svg.bytes.toString('utf8');
  expect(text).not.toMatch(/var\(|class=|href=/);
  for (const words of ['Loss', 'mnrl-0a1b2c3d', 'lr 3e-4']) expect(text).toContain(`>${words}<`);
  const size = await page.evaluate((source) => {
    const svg = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
    return {
      broken: svg.querySelector('parsererror') !== null,
      width: Number(svg.getAttribute('width')),
      height: Number(svg.getAttribute('height')),
    };
  }, text);
  expect(size.broken).toBe(false);

  const png = await save('chart-loss', 'Save as PNG');
  expect(png.name).toBe('mnrl-0a1b2c3d-loss.png');
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([2 * size.width, 2 * size.height]);
  // Drawn, not empty: colours of both lines' hues are there.
  const colours = await page.evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const found = new Set<string>();
    for (let i = 0; i < data.length; i += 4) found.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
    return ['63,75,209', '180,83,10'].map((colour) => found.has(colour));
  }, png.bytes.toString('base64'));
  expect(colours).toEqual([true, true]);

  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByTestId('chart-loss').getByText('lr 3e-4').waitFor({ state: 'detached' });
});

test('the distributions play over the evaluations, to the latest', async () => {
  const chart = page.getByTestId('chart-distribution');
  const seen = new Set<string>();
  await chart.getByRole('button', { name: 'Play' }).click();
  await expect
    .poll(
      async () => {
        seen.add((await chart.getByTestId('distribution-step').textContent()) ?? '');
        return (await chart.getByRole('button', { name: 'Play' }).count()) > 0 && seen.size > 1;
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe(true);
  expect(seen.size).toBeGreaterThan(5);
  await chart.getByText('Step 2,400').waitFor();

  await chart.getByRole('button', { name: 'Play' }).click();
  await chart.getByRole('button', { name: 'Pause' }).click();
  const stopped = await chart.getByTestId('distribution-step').textContent();
  await page.waitForTimeout(1500);
  expect(await chart.getByTestId('distribution-step').textContent()).toBe(stopped);
  const csv = await save('chart-distribution', 'Save as CSV');
  expect(csv.name).toBe(`mnrl-0a1b2c3d-pairs-${stopped?.replace(/\D/g, '')}.csv`);
});

test('a menu is closed by a press anywhere, by Escape and by Tab, and the focus stays in its place', async () => {
  const button = page.getByTestId('chart-loss').getByRole('button', { name: /^More/ });
  const menu = page.getByRole('menu');
  const press = async (target: Locator) => {
    const box = (await target.boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  };
  const closings = [
    () => press(button),
    () => press(page.getByRole('button', { name: 'Zoom in' })),
    () => press(plotOf('chart-metric')),
    () => page.keyboard.press('Escape'),
    () => page.keyboard.press('Tab'),
  ];
  for (const [i, close] of closings.entries()) {
    await button.click();
    await menu.waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('menuitem').and(page.locator(':focus')).waitFor();
    await close();
    await menu.waitFor({ state: 'detached' });
    const stays = i < closings.length - 1;
    await expect
      .poll(() => button.evaluate((it) => it === document.activeElement), { message: String(close) })
      .toBe(stays);
  }
  // What lay under the press was not pressed with it.
  expect(await shownSteps()).toEqual([0, 3000]);
});

test('axes and plots grow with the text when the window comes to a larger screen', async () => {
  const figure = page.getByTestId('chart-loss').locator('.recharts-xAxis-tick-labels text').first();
  const size = () => figure.evaluate((text) => getComputedStyle(text).fontSize);
  const inset = () => plotOf('chart-loss').evaluate((plot) => getComputedStyle(plot).left);
  expect([await size(), await inset()]).toEqual(['12px', '56px']);
  await page.setViewportSize({ width: 3840, height: 2000 });
  await expect.poll(size).toBe('21px');
  expect(await inset()).toBe('98px');
});
