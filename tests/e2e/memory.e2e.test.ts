/** What a run needs of memory, as it is shown before it and as it is measured in it. */
import { expect, test } from 'vitest';
import {
  goTo,
  type StudioPage,
  serveStudio,
  setOptions,
  takeSample,
  trainToEnd,
  waitForRun,
} from '../support/studio.ts';

const site = serveStudio(4291, { webgpu: true });
let studio: StudioPage;

/** Megabytes in the line on the screen, by part. */
async function shown(): Promise<Record<string, number>> {
  const text = (await studio.page.getByTestId('memory-need').textContent())!;
  const total = /about ([\d.]+) MB/.exec(text)![1]!;
  const parts = [...text.matchAll(/(weights|gradients|optimizer|activations) ([\d.]+) MB/g)];
  expect(parts).toHaveLength(4);
  return { total: Number(total), ...Object.fromEntries(parts.map(([, name, value]) => [name!, Number(value)])) };
}

test.each(['wasm', 'webgpu'])('on %s the line follows the options, and the run keeps to it', async (backend) => {
  studio = await site.open(`?backend=${backend}`);
  const { page } = studio;
  await takeSample(page);
  await waitForRun(page, 'ready');
  await goTo(page, 'objective');
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
  await trainToEnd(page);
  const bytes = (await studio.events()).flatMap((event) =>
    event.type === 'step' ? [event.metrics['memory/bytes']] : [],
  );
  const most = Math.max(...bytes) / 1e6;
  console.log(`${backend}: ${total} MB shown, ${most.toFixed(1)} MB measured`);
  expect(total! / most).toBeGreaterThan(0.9);
  expect(total! / most).toBeLessThan(1.1);
});
