/**
 * `npm run bench:page`: the charts of a run of 100,000 steps that goes on meanwhile, in the built page in Chromium: how long
 * the page takes to answer each kind of interaction (event timing: from the input to the next frame), and what it holds in
 * memory. Ends with 1 where an answer takes 100 ms or more, or the page 300 MB or more. For a machine that is otherwise idle.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { feed, goOn, overlay, serveCharts } from '../support/charts-page.ts';
import { launchBrowser, whenMounted } from '../support/studio.ts';
import { listRenderers, readMemory } from './renderers.ts';

const most = { milliseconds: 100, megabytes: 300 };

type Observed = typeof globalThis & { observed: { name: string; duration: number }[] };

/** Collects the slow events of interactions and of hovering; 16 ms is the least that browsers tell of. */
async function observe(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(globalThis, { observed: [] });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) (globalThis as Observed).observed.push({ name, duration });
      // TypeScript's DOM does not know the threshold yet.
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
}

/** Each kind of interaction, and how often it is done. */
function interactions(page: Page): Record<string, () => Promise<void>> {
  const plot = page.getByTestId('chart-loss').locator('.plot');
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const keys = async (...names: string[]) => {
    for (const name of names) await page.keyboard.press(name, { delay: 30 });
  };
  const across = async (from: number, to: number, moves: number) => {
    const box = (await plot.boundingBox())!;
    for (let i = 0; i <= moves; i++) {
      await page.mouse.move(box.x + box.width * (from + ((to - from) * i) / moves), box.y + 40);
      await page.waitForTimeout(16);
    }
  };
  return {
    'hovering over the loss': () => across(0.05, 0.95, 60),
    'dragging a range': async () => {
      await across(0.2, 0.2, 1);
      await page.mouse.down();
      await across(0.2, 0.6, 20);
      await page.mouse.up();
    },
    'zooming by buttons': async () => {
      for (let i = 0; i < 4; i++) await press('Zoom in');
      for (let i = 0; i < 2; i++) await press('Zoom out');
      await press('Show all steps');
    },
    'reading and zooming by keys': async () => {
      await plot.focus();
      await keys(...Array.from({ length: 10 }, () => 'ArrowLeft'), '+', '+', '-', '0', 'Escape');
    },
    'dragging the range slider': async () => {
      await page.getByRole('slider', { name: 'First step shown' }).focus();
      await keys(...Array.from({ length: 15 }, () => 'ArrowRight'));
      await press('Show all steps');
    },
    smoothing: async () => {
      await page.getByRole('slider', { name: 'Smoothing' }).focus();
      await keys('End', ...Array.from({ length: 15 }, () => 'ArrowLeft'));
    },
    'a logarithmic axis': async () => {
      for (let i = 0; i < 2; i++) await page.getByText('Log axis').click();
    },
    'opening the menu': async () => {
      await page.getByTestId('chart-loss').getByRole('button', { name: /^More/ }).click();
      await keys('Escape');
    },
  };
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { steps: { type: 'string', default: '100000' } } });
  const run = { runId: 'long', steps: Number(values.steps), evaluateEvery: 250, shift: 0, early: null };
  const print = (line: object) => console.log(JSON.stringify(line));
  const server = await serveCharts(4304);
  const browser = await launchBrowser(false);
  let failed = false;
  try {
    const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1440, height: 1100 } });
    // The tour of a first visit would keep the keys to itself.
    await page.addInitScript(() => localStorage.setItem('tour', 'seen'));
    await page.goto(server.address);
    await page.waitForFunction(() => 'door' in globalThis);
    await whenMounted(page);
    const heaviest = async () =>
      (await listRenderers(browser)).map(readMemory).toSorted((a, b) => b.now - a.now)[0]?.now;
    const before = await heaviest();
    await feed(page, run);
    for (const overlays of [0, 2]) {
      if (overlays > 0) {
        await overlay(page, { ...run, runId: 'second', shift: 0.2 }, 'second');
        await overlay(page, { ...run, runId: 'third', shift: -0.1 }, 'third');
      } else await goOn(page, run);
      await page.waitForTimeout(3000);
      if (overlays === 0) await observe(page);
      for (const [name, act] of Object.entries(interactions(page))) {
        await page.evaluate(() => {
          (globalThis as Observed).observed = [];
        });
        await act();
        await page.waitForTimeout(1000);
        const slow = await page.evaluate(() => (globalThis as Observed).observed);
        const worst = Math.max(0, ...slow.map(({ duration }) => duration));
        failed ||= worst >= most.milliseconds;
        print({ interaction: name, overlays, worstMilliseconds: worst, load: Number(loadavg()[0]!.toFixed(1)) });
      }
    }
    const bytes = await page.evaluate(async () => {
      const { measureUserAgentSpecificMemory } = performance as {
        measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
      };
      return (await measureUserAgentSpecificMemory?.call(performance))?.bytes;
    });
    const megabytes = Math.round((bytes ?? Number.NaN) / 1e6);
    failed ||= !(megabytes < most.megabytes);
    const process = { processMegabytesBefore: before, processMegabytes: await heaviest() };
    print({ steps: run.steps, overlays: 2, pageMegabytes: megabytes, ...process });
  } finally {
    await browser.close();
    await server.close();
  }
  process.exitCode = failed ? 1 : 0;
}
