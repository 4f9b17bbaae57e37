/** The page on screens from a phone to 4K, what it tells a screen reader during a run, and how it rests where motion is unwanted. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { goTo, serveStudio, setOptions, startTraining, takeSample, trainToEnd, waitForRun } from '../support/studio.ts';

const site = serveStudio(4282);

const views = ['data', 'model', 'objective', 'train', 'evaluate', 'try', 'export', 'runs'];
const sizes = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 720 },
  { width: 3840, height: 2160 },
];

/** Views that are wider than the page, in each language. */
async function findWide(page: Page, state: string): Promise<string[]> {
  const wide: string[] = [];
  for (const language of ['中', 'EN']) {
    await page.locator('.segment').filter({ hasText: language }).click();
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const view of views) {
        await goTo(page, view);
        await page.locator(`[href="#${view}"][aria-current]`).first().waitFor();
        const excess = await page.evaluate(async () => {
          for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
          return document.documentElement.scrollWidth - innerWidth;
        });
        if (excess > 0) wide.push(`${state}, ${view}, ${language}, ${size.width}: ${excess} px too wide`);
      }
    }
  }
  return wide;
}

test('no step is wider than the page, from 360 pixels to 4K, empty and finished', async () => {
  const { page } = await site.open();
  const found = await findWide(page, 'empty');
  await page.setViewportSize(sizes[2]!);
  await goTo(page, 'data');
  await takeSample(page);
  await setOptions(page, { Epochs: '1' });
  await waitForRun(page, 'ready');
  await trainToEnd(page);
  found.push(...(await findWide(page, 'finished')));
  expect(found).toEqual([]);
});

test('a screen reader hears of milestones, not of steps', async () => {
  const { page, events } = await site.open();
  await takeSample(page);
  await setOptions(page, { Epochs: '1', 'Evaluate every': '20' });
  await waitForRun(page, 'ready');
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const region = (target instanceof Element ? target : target.parentElement)?.closest(live);
        if (region?.textContent) said.push(region.textContent);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await trainToEnd(page);
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  expect(said).toContain('Training started.');
  expect(said).toContain('Training finished.');
  expect(said.some((words) => /^Evaluation at step 20: Spearman/.test(words))).toBe(true);
  const of = async (type: string) => (await events()).filter((event) => event.type === type).length;
  expect(await of('step')).toBeGreaterThan(30);
  expect(said.length).toBeLessThanOrEqual((await of('evaluation')) + 6);
});

test('nothing moves where motion is unwanted', async () => {
  const { page } = await site.open();
  const moving = () =>
    page.evaluate(
      () => document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 50).length,
    );
  /** Most animations at once on a walk through the page and into a run. */
  const walk = async () => {
    let most = 0;
    for (const view of ['model', 'objective', 'data', 'train']) {
      await page.locator(`.rail [href="#${view}"]`).click();
      most = Math.max(most, await moving());
    }
    await startTraining(page);
    for (let look = 0; look < 20; look++) most = Math.max(most, await moving());
    expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
    return most;
  };
  await takeSample(page);
  await setOptions(page, { Epochs: '1' });
  await waitForRun(page, 'ready');
  expect(await walk()).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await walk()).toBe(0);
});
