/** What a run needs of memory, as it is shown before it and as it is measured in it. */
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  launchBrowser,
  openStudio,
  type Server,
  type StudioPage,
  setOptions,
  startServer,
  takeSample,
  waitForRun,
} from '../support/studio.ts';

let server: Server;
let browser: Browser;
let studio: StudioPage;

beforeAll(async () => {
  server = await startServer(4291);
  browser = await launchBrowser(true);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});
afterEach(async () => {
  await studio.page.context().close();
  expect(studio.complaints).toEqual([]);
});

/** Megabytes in the line on the screen, by part. */
async function shown(): Promise<Record<string, number>> {
  const text = (await studio.page.getByTestId('memory-need').textContent())!;
  const total = /about ([\d.]+) MB/.exec(text)![1]!;
  const parts = [...text.matchAll(/(weights|gradients|optimizer|activations) ([\d.]+) MB/g)];
  expect(parts).toHaveLength(4);
  return { total: Number(total), ...Object.fromEntries(parts.map(([, name, value]) => [name!, Number(value)])) };
}

test.each(['wasm', 'webgpu'])('on %s the line follows the options, and the run keeps to it', async (backend) => {
  studio = await openStudio(browser, `${server.address}?backend=${backend}`);
  const { page } = studio;
  await takeSample(page);
  await waitForRun(page, 'ready');
  await page.goto(`${page.url().split('#')[0]}#objective`);
  await page.getByTestId('memory-need').waitFor();
  const usual = await shown();
  expect(usual.weights! + usual.gradients! + usual.optimizer! + usual.activations!).toBeCloseTo(usual.total!, 0);

  await setOptions(page, { 'Batch size': '128' });
  await expect
    .poll(async () => (await shown()).activations, { timeout: 20_000 })
    .toBeGreaterThan(2 * usual.activations!);
  await setOptions(page, { 'Batch size': '32', Epochs: '1', 'Evaluate every': '1000' });
  await expect.poll(shown, { timeout: 20_000 }).toMatchObject({ activations: expect.closeTo(usual.activations!, -1) });

  for (const [width, height] of [
    [1280, 900],
    [360, 740],
  ] as const) {
    await page.setViewportSize({ width, height });
    const box = (await page.getByTestId('memory-need').boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    if (process.env.EMBEDSMITH_SHOTS) {
      await page.getByTestId('memory-need').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${process.env.EMBEDSMITH_SHOTS}/memory-${backend}-${width}.png` });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });

  const { total } = await shown();
  await page.getByRole('button', { name: /^Train/ }).click();
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
  const bytes = (await studio.events()).flatMap((event) =>
    event.type === 'step' ? [event.metrics['memory/bytes']] : [],
  );
  const most = Math.max(...bytes) / 1e6;
  console.log(`${backend}: ${total} MB shown, ${most.toFixed(1)} MB measured`);
  expect(total! / most).toBeGreaterThan(0.9);
  expect(total! / most).toBeLessThan(1.1);
});
