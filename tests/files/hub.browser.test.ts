/** The hub client in a browser: a worker, other origins, and OPFS. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cdp, commands } from 'vitest/browser';
import { openBrowserStore } from '../../src/files/opfs-store.ts';
import type { LoadReply, LoadRequest } from '../support/model-worker.ts';

const worker = new Worker(new URL('../support/model-worker.ts', import.meta.url), { type: 'module' });
const pageUrl = new URL('/', location.origin).href;
let hubUrl = '';

function load(request: Partial<LoadRequest> = {}): Promise<LoadReply> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<LoadReply>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage({ source: { kind: 'hub', repository: 'owner/tiny' }, pageUrl, hubUrl, ...request });
  });
}

/** The preset as the page serves it: the same files that the hub has. */
let files: Record<string, string>;
let total = 0;
let weights = 0;

beforeAll(async () => {
  hubUrl = await commands.startHub();
  const bundled = await load({ source: { kind: 'preset', name: 'embedsmith-tiny' }, clear: true });
  expect(bundled.error).toBeNull();
  files = bundled.files!;
  expect(Object.keys(files)).toHaveLength(5);
});
afterAll(() => {
  worker.terminate();
});

test('a fresh load: with progress, and only what is needed', async () => {
  const reply = await load();
  expect(reply.error).toBeNull();
  expect(reply.files).toEqual(files);
  const last = reply.progress.at(-1)!;
  expect(last).toEqual({ file: 'model.safetensors', loaded: last.total, total: last.total });
  total = last.total;
  weights = await commands.takeWeightBytes();
  expect(weights).toBeGreaterThan(4_000_000);
  expect(weights).toBeLessThan(total);
  expect(reply.models).toMatchObject([{ hub: hubUrl, repository: 'owner/tiny', revision: 'main', whole: true }]);
});

test('the second load asks for no weights', async () => {
  const reply = await load();
  expect(reply.files).toEqual(files);
  expect(await commands.takeWeightBytes()).toBe(0);
});

test('a connection that breaks is taken up where it broke', async () => {
  await commands.cutHub([1_000_000, 2_000_000]);
  const reply = await load({ clear: true });
  expect(reply.error).toBeNull();
  expect(reply.files).toEqual(files);
  const sent = await commands.takeWeightBytes();
  // what was on its way when the connection broke is sent again
  expect(sent).toBeGreaterThanOrEqual(weights);
  expect(sent).toBeLessThan(1.5 * weights);
});

test('an aborted load is taken up by the next', async () => {
  const aborted = await load({ clear: true, abortAt: total - weights + 100_000 });
  expect(aborted.error).toMatch(/^AbortError/);
  expect(aborted.models).toMatchObject([{ whole: false }]);
  await commands.takeWeightBytes();
  const reply = await load();
  expect(reply.files).toEqual(files);
  const sent = await commands.takeWeightBytes();
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThanOrEqual(weights - 50_000);
});

test('a file that another tab is downloading is left alone', async () => {
  const version = files['model.safetensors']!; // its hash
  const hold = { path: 'model.safetensors', bytes: weights, version };
  expect((await load({ clear: true, hold })).error).toMatch(/is being downloaded in another tab/);
  expect((await load()).error).toBeNull();
});

test('no room is said, and the load taken up when there is some', async () => {
  const storage = (quotaSize?: number) =>
    cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin, ...(quotaSize ? { quotaSize } : {}) });
  await load({ clear: true, abortAt: 0 });
  const { usage } = await navigator.storage.estimate();
  await storage(usage! + 2_000_000);
  expect((await load({ clear: true })).error).toMatch(/no room left to keep model\.safetensors of “owner\/tiny”/);
  await storage();
  expect((await load()).files).toEqual(files);
});

test('what is wrong is said', async () => {
  const wrong = (repository: string) => load({ source: { kind: 'hub', repository } });
  expect((await wrong('owner/none')).error).toMatch(/no public model “owner\/none”/);
  expect((await wrong('owner/gated')).error).toMatch(/“owner\/gated” needs a login/);
});

test('outside a worker there is no store', async () => {
  expect(await openBrowserStore('models')).toBeNull();
});

test('without the hub the kept model is loaded, and no other', async () => {
  await commands.stopHub();
  const reply = await load();
  expect(reply.error).toBeNull();
  expect(reply.files).toEqual(files);
  expect((await load({ clear: true })).error).toMatch(/could not be reached to load “owner\/tiny”/);
});
