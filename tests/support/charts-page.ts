/** Builds and serves the studio with a door for made-up runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { build, preview } from 'vite';
import type { Door } from './charts-page/main.ts';
import type { Synthetic } from './synthetic-run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const entry = 'tests/support/charts-page/index.html';

/** Builds for production, as `npm start` does. */
export async function serveCharts(port: number): Promise<{ address: string; close: () => Promise<void> }> {
  const outDir = mkdtempSync(join(tmpdir(), 'embedsmith-charts-'));
  const options = {
    root,
    logLevel: 'error',
    build: { outDir, rolldownOptions: { input: join(root, entry) } },
  } as const;
  await build({ ...options, publicDir: false });
  const server = await preview({ ...options, preview: { port } });
  return {
    address: `${server.resolvedUrls!.local[0]}${entry}`,
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true });
    },
  };
}

type Opened = typeof globalThis & { door: Door };

export const feed = (page: Page, run: Synthetic): Promise<void> =>
  page.evaluate((asked) => (globalThis as Opened).door.feed(asked), run);

export const overlay = (page: Page, run: Synthetic, name: string): Promise<void> =>
  page.evaluate(([asked, called]) => (globalThis as Opened).door.overlay(asked, called), [run, name] as const);

export const goOn = (page: Page, run: Synthetic): Promise<void> =>
  page.evaluate((asked) => (globalThis as Opened).door.goOn(asked), run);
