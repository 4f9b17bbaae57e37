/** The studio from a host that sends no headers: isolated after the first visit, then without a network; and its updates. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPlainHost } from '../support/plain-host.ts';
import {
  launchBrowser,
  openStudio,
  setOptions,
  startServer,
  startTraining,
  takeSample,
  trainToEnd,
  waitForRun,
} from '../support/studio.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

let browser: Browser;
let host: Awaited<ReturnType<typeof startPlainHost>>;

beforeAll(async () => {
  (await startServer(4274)).close(); // builds the studio
  browser = await launchBrowser(false);
});
afterAll(() => browser?.close());
beforeEach(async () => {
  host = await startPlainHost(dist);
});
afterEach(() => host.close());

const isIsolated = (page: Page) => page.evaluate(() => crossOriginIsolated).catch(() => null);

/** Waits until every file of the page lies in its cache: index.html comes last. */
async function waitForFiles(page: Page): Promise<number> {
  const count = () =>
    page
      .evaluate(async () => {
        const names = await caches.keys();
        const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        const urls = keys.flat().map(({ url }) => url);
        return urls.some((url) => url.endsWith('index.html')) ? urls.length : 0;
      })
      .catch(() => 0);
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(20);
  return count();
}

async function trainShortly(page: Page): Promise<void> {
  await takeSample(page);
  await setOptions(page, { Epochs: '1', 'Batch size': '64' });
  await waitForRun(page, 'ready');
  await trainToEnd(page);
}

test('isolated after one reload, then trained with the host gone', async () => {
  const { page, complaints } = await openStudio(browser, host.address);
  await expect.poll(() => isIsolated(page), { timeout: 20_000 }).toBe(true);
  await page
    .getByTestId('backend')
    .getByText(/threads/)
    .waitFor();
  expect(await waitForFiles(page)).toBe(
    readFileSync(join(dist, 'service-worker.js'), 'utf8').match(/"[0-9a-f]{16}"\]/g)!.length,
  );

  host.stop();
  await page.context().setOffline(true);
  await expect(fetch(host.address)).rejects.toThrow();
  await page.reload();
  expect(await isIsolated(page)).toBe(true);
  await trainShortly(page);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('without a service worker it trains on one thread', async () => {
  const context = await browser.newContext({ locale: 'en-US', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem('tour', 'seen'));
  await page.goto(host.address);
  await page.getByTestId('backend').getByText('1 thread').waitFor();
  expect(await isIsolated(page)).toBe(false);
  await trainShortly(page);
  await context.close();
});

test('the policy of the page holds where no header brings it', async () => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(host.address);
  const blocked = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
        void fetch('https://example.com/').catch(() => {});
      }),
  );
  expect(blocked).toBe('connect-src');
  await context.close();
});

/** Puts a new version on the host: another title in index.html. */
function release(folder: string): void {
  const index = join(folder, 'index.html');
  const html = readFileSync(index, 'utf8').replace(
    '<title>Embedsmith</title>',
    '<title>Embedsmith</title><meta name="version" content="2" />',
  );
  writeFileSync(index, html);
  const worker = join(folder, 'service-worker.js');
  const hash = createHash('sha256').update(html).digest('hex').slice(0, 16);
  const code = readFileSync(worker, 'utf8');
  const next = code
    .replace(/\["index\.html","[0-9a-f]{16}"\]/, `["index.html","${hash}"]`)
    .replace(/"version":"[0-9a-f]{16}"/, `"version":"${hash}"`);
  expect(next).not.toBe(code);
  writeFileSync(worker, next);
}

test('a new version waits for the run and is then offered; an untouched page takes it by itself', async () => {
  const { page, events } = await openStudio(browser, host.address);
  const version = () => page.locator('meta[name=version]').count();
  const look = () =>
    page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  await expect.poll(() => isIsolated(page), { timeout: 20_000 }).toBe(true);
  await waitForFiles(page);
  await takeSample(page);
  await setOptions(page, { Epochs: '40' }); // it does not end by itself
  await waitForRun(page, 'ready');
  await startTraining(page);
  await waitForRun(page, 'running');
  // A run that takes every core keeps the new version from starting for a minute.
  await page.getByRole('button', { name: 'Pause' }).click();
  await waitForRun(page, 'paused');

  release(host.folder);
  await look();
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state), {
      timeout: 60_000,
    })
    .toBe('installed');
  expect(await page.getByText('There is a new version of this page.').count()).toBe(0);
  expect(await version()).toBe(0);
  const steps = async () => (await events()).filter(({ type }) => type === 'step').length;
  const before = await steps();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(steps, { timeout: 60_000 }).toBeGreaterThan(before);
  expect(await page.getByText('There is a new version of this page.').count()).toBe(0);
  await page.getByRole('button', { name: 'Stop' }).click();
  await waitForRun(page, 'stopped');
  await page.getByText('There is a new version of this page.').waitFor();
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Reload' }).click();
  await loaded;
  await expect.poll(version).toBe(1);
  await waitForFiles(page);
  // The files of the version before are gone.
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length), { timeout: 20_000 }).toBe(1);

  // A page where nothing has been done yet takes the next version by itself.
  release(host.folder);
  await page.goto(host.address);
  await expect.poll(version, { timeout: 60_000 }).toBe(2);
  await page.context().close();
});
