/** The studio as a user meets it: the real server from `npm start`, a real browser, files really dropped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Reply } from '../../src/contract/calls.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { chromeArguments, requireChrome } from './chrome.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const sample = (name: string): string => fileURLToPath(new URL(`../../public/samples/${name}`, import.meta.url));

export type Server = { address: string; output: () => string; close: () => void };

/** Runs `npm start` and waits for the address it prints. */
export async function startServer(port: number): Promise<Server> {
  const child: ChildProcess = spawn('npm', ['start', '--', '--no-open', '--port', String(port)], {
    cwd: root,
    detached: true,
  });
  let output = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (output += data));
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${output}`)));
    child.stdout?.on('data', () => {
      const found = /ready: (http\S+)/.exec(output);
      if (found) resolve(found[1]!);
    });
  });
  child.removeAllListeners('exit');
  return { address, output: () => output, close: () => process.kill(-child.pid!) };
}

export function launchBrowser(webgpu: boolean): Promise<Browser> {
  return chromium.launch({ executablePath: requireChrome(), args: chromeArguments(webgpu) });
}

export type StudioPage = {
  page: Page;
  /** Errors and violations that the console showed, and requests that left the page's own address. */
  complaints: string[];
  /** Everything the worker told the page, from the first message on. */
  replies: () => Promise<Reply[]>;
  events: () => Promise<RunEvent[]>;
  drop: (...files: { name: string; bytes: Uint8Array }[]) => Promise<void>;
};

/** Opens the studio in a fresh profile. */
export async function openStudio(browser: Browser, address: string, language = 'en-US'): Promise<StudioPage> {
  return openPage(await browser.newContext({ locale: language, viewport: { width: 1280, height: 900 } }), address);
}

/** A browser with a profile in `folder`, which outlives it. */
export function launchProfile(folder: string): Promise<BrowserContext> {
  const size = { width: 1280, height: 900 };
  const options = { executablePath: requireChrome(), args: chromeArguments(false), locale: 'en-US', viewport: size };
  return chromium.launchPersistentContext(folder, options);
}

/** The first words are there before the app, and the app before what it listens to. */
export async function whenMounted(page: Page): Promise<void> {
  await page.getByTestId('run-state').waitFor();
  await page.waitForFunction(() => new Promise((resolve) => requestIdleCallback(() => resolve(true))));
}

/** Opens the studio in a profile; listens to what the worker says, without changing it. */
export async function openPage(context: BrowserContext, address: string): Promise<StudioPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== new URL(address).origin) {
      complaints.push(`a request to ${request.url()}`);
    }
  });
  await page.addInitScript(() => {
    localStorage.setItem('tour', 'seen');
    const heard: unknown[] = [];
    Object.assign(globalThis, { heard });
    globalThis.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        this.addEventListener('message', ({ data }) => heard.push(data));
      }
    };
  });
  await page.goto(address);
  await whenMounted(page);
  const replies = () => page.evaluate(() => (globalThis as unknown as { heard: Reply[] }).heard);
  const events = async () => (await replies()).flatMap((reply) => (reply.kind === 'event' ? [reply.event] : []));
  const drop = async (...files: { name: string; bytes: Uint8Array }[]) => {
    const encoded = files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('base64') }));
    const transfer = await page.evaluateHandle((list) => {
      const data = new DataTransfer();
      for (const { name, text } of list) {
        data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
      }
      return data;
    }, encoded);
    await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  };
  return { page, complaints, replies, events, drop };
}

export type Site = {
  /** Where the studio is served, and the browser; both are there once the tests run. */
  readonly address: string;
  readonly browser: Browser;
  /** {@link openStudio} at an address or at what follows the site's own; it is closed after the test. */
  open: (address?: string, language?: string) => Promise<StudioPage>;
};

/**
 * A server and a browser for the tests of a file. No page that a test opened may have complained when it is over, unless
 * `mayComplain`.
 */
export function serveStudio(port: number, { webgpu = false, mayComplain = false } = {}): Site {
  let server: Server;
  let browser: Browser;
  let opened: StudioPage[] = [];
  beforeAll(async () => {
    server = await startServer(port);
    browser = await launchBrowser(webgpu);
  });
  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const { page } of pages) await page.context().close();
    if (!mayComplain) expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  return {
    get address() {
      return server.address;
    },
    get browser() {
      return browser;
    },
    open: async (address = '', language) => {
      const studio = await openStudio(browser, new URL(address, server.address).href, language);
      opened.push(studio);
      return studio;
    },
  };
}

export const fileOf = (path: string) => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) });
export const textFile = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });

/** Waits until the run bar says one of the states. */
export async function waitForRun(page: Page, ...states: string[]): Promise<string> {
  const selector = states.map((state) => `[data-testid=run-state][data-state=${state}]`).join(', ');
  const found = page.locator(selector);
  await found.waitFor({ timeout: 300_000 });
  return (await found.getAttribute('data-state'))!;
}

/** One click on the sample, and all is ready to train. */
export async function takeSample(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click();
  await waitForRun(page, 'ready');
}

/** Goes to a step of the rail, by its address. */
export async function goTo(page: Page, step: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, step);
}

/** Fills options by their labels. */
export async function setOptions(page: Page, values: Record<string, string>): Promise<void> {
  await goTo(page, 'objective');
  for (const [label, value] of Object.entries(values))
    await page.getByRole('textbox', { name: label, exact: true }).fill(value);
}

export async function startTraining(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Train/ })
    .last()
    .click();
}

/** The page's first run, from the click to its end. */
export async function trainToEnd(page: Page): Promise<void> {
  await startTraining(page);
  expect(await waitForRun(page, 'finished', 'failed')).toBe('finished');
}

export async function figure(page: Page, testid: string): Promise<number> {
  const text = (await page.getByTestId(testid).first().textContent()) ?? '';
  expect(text).toMatch(/\d/);
  return Number(text.replace('−', '-').replace(/[^\d.e-]/g, ''));
}
