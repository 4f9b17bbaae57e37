/** The page around a run: no request leaves it, languages change under it, it tells of its end; help, tour, shortcuts. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { figure, openPage, serveStudio, setOptions, takeSample, waitForRun } from '../support/studio.ts';

const site = serveStudio(4277);

/** Whether the page holds the lock that keeps a browser from freezing it. */
const isKeptAwake = (page: Page) =>
  page.evaluate(async () => (await navigator.locks.query()).held?.some(({ name }) => name === 'embedsmith-run'));

test('nothing but the page’s own files is asked for, from the first visit to the export', async () => {
  const context = await site.browser.newContext({ locale: 'en-US' });
  const asked: string[] = [];
  // Of the page, its workers and its service worker.
  context.on('request', (request) => asked.push(request.url()));
  const page = await context.newPage();
  page.on('websocket', (socket) => asked.push(socket.url()));
  await page.addInitScript(() => {
    const beacon = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (url, body) => {
      console.error(`beacon to ${url}`);
      return beacon(url, body);
    };
  });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(site.address);
  await page.getByTestId('tour').getByRole('button', { name: 'Skip' }).click();
  await takeSample(page);
  await setOptions(page, { Epochs: '1' });
  await waitForRun(page, 'ready');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  await page.locator('.rail [href="#export"]').click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Export the model/ }).click();
  await download;
  await page.waitForTimeout(1000);
  const origins = new Set(asked.filter((url) => !/^(blob|data):/.test(url)).map((url) => new URL(url).origin));
  expect([...origins]).toEqual([new URL(site.address).origin]);
  expect(asked.length).toBeGreaterThan(30);
  expect(asked.some((url) => url.endsWith('.wasm'))).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

test('another language in mid-run: the run goes on, and nothing that was chosen is lost', async () => {
  const { page, events } = await site.open();
  await takeSample(page);
  await setOptions(page, { Epochs: '2', 'Evaluate every': '15' });
  await waitForRun(page, 'ready');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect
    .poll(async () => (await events()).filter(({ type }) => type === 'step').length, { timeout: 60_000 })
    .toBeGreaterThan(5);
  const before = await figure(page, 'step-count');
  await page.keyboard.press('l');
  await page.getByRole('heading', { name: '训练', level: 2 }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  expect(await page.locator('.rail-name').allTextContents()).toEqual([
    '数据',
    '模型',
    '目标',
    '训练',
    '评估',
    '试用',
    '导出',
    '训练记录',
  ]);
  await page.getByTestId('chart-loss').waitFor();
  expect(await figure(page, 'step-count')).toBeGreaterThanOrEqual(before);
  await page.keyboard.press('d');
  expect(await page.locator('html').getAttribute('data-theme')).toMatch(/dark|light/);
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  const heard = await events();
  expect(heard.filter(({ type }) => type === 'started')).toHaveLength(1);
  const steps = heard.filter(({ type }) => type === 'step').map(({ step }) => step);
  expect(steps).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1));
  await page.keyboard.press('3');
  expect(await page.getByRole('textbox', { name: '轮数', exact: true }).inputValue()).toBe('2');
  expect(await page.getByRole('textbox', { name: '评估间隔', exact: true }).inputValue()).toBe('15');
  await page.reload();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
});

/** Makes the page believe that it is hidden, or in front again. */
const hide = (page: Page, hidden: boolean) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    Object.defineProperty(document, 'visibilityState', { value: value ? 'hidden' : 'visible', configurable: true });
    document.hasFocus = () => !value;
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

test('a run in a hidden tab: title, notification, and a screen that stays on', async () => {
  const context = await site.browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  await context.grantPermissions(['notifications'], { origin: new URL(site.address).origin });
  await context.addInitScript(() => {
    const told: string[] = [];
    const lights: string[] = [];
    Object.assign(globalThis, { told, lights });
    // The real ones, listened to; a headless browser may have no screen and no notifications to show.
    globalThis.Notification = class extends EventTarget {
      static permission = 'default';
      static requestPermission = async () => {
        Object.assign(Notification, { permission: 'granted' });
        return 'granted' as const;
      };
      constructor(title: string, options?: NotificationOptions) {
        super();
        told.push(`${title} ${options?.body ?? ''}`);
      }
    } as unknown as typeof Notification;
    const request = async () => {
      lights.push('on');
      const sentinel = Object.assign(new EventTarget(), {
        released: false,
        release: async () => {
          sentinel.released = true;
          lights.push('off');
        },
      });
      return sentinel;
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
  });
  const { page } = await openPage(context, site.address);
  const listOf = (name: 'told' | 'lights') =>
    page.evaluate((key) => (globalThis as unknown as Record<string, string[]>)[key]!, name);
  await takeSample(page);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await waitForRun(page, 'running');
  await page.getByText('You may turn to another tab').waitFor();
  await expect.poll(() => listOf('lights')).toEqual(['on']);
  await expect.poll(() => isKeptAwake(page)).toBe(true);
  await page.getByRole('button', { name: 'Notify me when the run ends' }).click();
  await expect.poll(() => page.title()).toMatch(/^\d+% · Embedsmith$/);

  await page.getByRole('button', { name: 'Pause' }).click();
  await waitForRun(page, 'paused');
  await expect.poll(() => listOf('lights')).toEqual(['on', 'off']);
  await expect.poll(() => isKeptAwake(page)).toBe(false);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => listOf('lights')).toEqual(['on', 'off', 'on']);

  await hide(page, true);
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  await expect.poll(() => page.title()).toBe('✓ Done · Embedsmith');
  await expect
    .poll(() => listOf('told'))
    .toEqual([expect.stringMatching(/^Training finished\. Spearman \(cosine\): 0\.\d{3} → 0\.\d{3}$/)]);
  await expect.poll(async () => (await listOf('lights')).at(-1)).toBe('off');
  await hide(page, false);
  await expect.poll(() => page.title()).toBe('Embedsmith');
  await context.close();
});

test('the tour comes once, goes by its own buttons, and comes back when asked for', async () => {
  const context = await site.browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(site.address);
  const tour = page.getByTestId('tour');
  for (let stop = 1; stop <= 6; stop++) {
    await tour.getByText(`${stop} of 6`).waitFor();
    expect(
      await tour
        .getByRole('button')
        .last()
        .evaluate((button) => button === document.activeElement),
    ).toBe(true);
    await page.keyboard.press('Enter');
  }
  await tour.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('button', { name: /sample/i }).waitFor();
  await page.waitForTimeout(500);
  expect(await tour.count()).toBe(0);
  await page.getByRole('button', { name: 'Help', exact: true }).click();
  await page.getByRole('button', { name: 'A tour of one minute' }).click();
  await tour.getByText('1 of 6').waitFor();
  await page.keyboard.press('Escape');
  await tour.waitFor({ state: 'detached' });

  // Where it runs, the page beside it can be used.
  await context.clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await tour.waitFor();
  await page.getByRole('button', { name: /sample/i }).click();
  await waitForRun(page, 'ready');
  await context.close();
});

test('shortcuts walk the steps; they rest in fields and dialogs, and can be turned off', async () => {
  const { page } = await site.open();
  await page.getByRole('button', { name: /sample/i }).waitFor();
  const isAt = (step: string) => page.locator(`.rail [href="#${step}"][aria-current=step]`).waitFor();
  await page.keyboard.press('3');
  await isAt('objective');
  await page.keyboard.press(']');
  await isAt('train');
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  await isAt('model');
  await page.keyboard.press('Control+3');
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dialog.waitFor();
  expect(await dialog.locator('dt').allTextContents()).toEqual(['?', '1–7', '[', ']', 'T', 'L', 'D']);
  await page.keyboard.press('5');
  await dialog.getByText('Shortcuts of a single key').click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await isAt('model');
  await page.keyboard.press('5');
  await page.keyboard.press('?');
  expect(await dialog.count()).toBe(0);
  await isAt('model');
  await page.getByRole('button', { name: 'Help', exact: true }).click();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await dialog.getByText('Shortcuts of a single key').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('5');
  await isAt('evaluate');
});
