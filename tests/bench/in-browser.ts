/** Runs the benchmark in Chrome or Chromium: Vite serves its page, playwright opens it; PyTorch stays with Node. */
import { join } from 'node:path';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { chromeArguments, requireChrome } from '../support/chrome.ts';
import type { BenchOptions } from './options.ts';
import type { PageRequest } from './page.ts';
import { startPyTorch } from './python-process.ts';
import { reportResult, say } from './report.ts';

/** @returns the exit code */
export async function runInBrowser(
  options: BenchOptions,
  { root, pytorchScript, jaxFolder }: { root: string; pytorchScript: string; jaxFolder: string | null },
): Promise<number> {
  const executablePath = requireChrome();
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(root, 'node_modules/.cache/embedsmith-bench/vite'),
    optimizeDeps: {
      entries: ['tests/bench/index.html'],
      include: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu', 'valibot'],
    },
    server: {
      host: '127.0.0.1',
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
  });
  const pytorch = options.engines.some((name) => name.startsWith('pytorch')) ? startPyTorch(pytorchScript) : null;
  const browser = await chromium.launch({ executablePath, args: chromeArguments(true) });
  try {
    await server.listen();
    const page = await browser.newPage();
    page.on('pageerror', (error) => say(`The page failed: ${error.message}`));
    await page.exposeFunction('sayInNode', say);
    await page.exposeFunction('askPyTorch', (request: object) => pytorch?.ask(request));
    await page.goto(`${server.resolvedUrls!.local[0]}tests/bench/index.html`);
    await page.waitForFunction(() => 'runBench' in window);
    const request: PageRequest = {
      options,
      jaxUrl: jaxFolder ? `/@fs/${join(jaxFolder, 'index.js').replace(/^\//, '')}` : null,
      hasPyTorch: pytorch !== null,
    };
    const result = await page.evaluate((asked) => window.runBench(asked), request);
    return reportResult(result, options);
  } finally {
    pytorch?.stop();
    await browser.close();
    await server.close();
  }
}
