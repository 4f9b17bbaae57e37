/** The way of a large file through the studio itself, from the file picker to the first event of the run, in Chromium. */
import { launchBrowser, openStudio, startServer, waitForRun } from '../support/studio.ts';
import { listRenderers, readMemory } from './renderers.ts';

const port = 4189;

/** Opens the file in the studio and starts a run on it, up to the first evaluation. */
export async function measureStudio(path: string, print: (line: object) => void): Promise<void> {
  const server = await startServer(port);
  const browser = await launchBrowser(false);
  try {
    const { page, events } = await openStudio(browser, server.address);
    const renderers = await listRenderers(browser);
    let last = performance.now();
    const mark = (phase: string, figures: object = {}) => {
      const memory = renderers.map(readMemory).toSorted((a, b) => b.now - a.now)[0];
      const seconds = Number(((performance.now() - last) / 1000).toFixed(2));
      print({ phase, seconds, megabytes: memory?.now, peakMegabytes: memory?.peak, ...figures });
      last = performance.now();
    };
    const has = async (...types: string[]) => (await events()).some(({ type }) => types.includes(type));
    mark('begin');
    await page.locator('input[type=file]').first().setInputFiles(path);
    await page.getByTestId('slot-train').getByText('rows.csv').first().waitFor({ timeout: 300_000 });
    mark('read');
    await waitForRun(page, 'ready');
    mark('prepare, plan and load the model');
    await page.getByRole('button', { name: /^Train/ }).click();
    while (!(await has('started', 'failed'))) await new Promise((resolve) => setTimeout(resolve, 100));
    mark('tokenise and start', { told: (await events()).filter(({ type }) => type === 'tokenizing').length });
    const bytes = await page.evaluate(async () => {
      const { measureUserAgentSpecificMemory } = performance as {
        measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
      };
      return (await measureUserAgentSpecificMemory?.call(performance))?.bytes;
    });
    print({ phase: 'in use', megabytes: bytes && Math.round(bytes / 1e6) });
  } finally {
    await browser.close();
    server.close();
  }
}
