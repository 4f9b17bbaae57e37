/** Loads models in a worker, where the studio does it and where OPFS can be written. */
import type { DownloadProgress, ModelSource } from '../../src/contract/calls.ts';
import { type CachedModel, createModelCache, type HubFile } from '../../src/files/model-cache.ts';
import { openModel } from '../../src/files/open-model.ts';
import { openBrowserStore } from '../../src/files/opfs-store.ts';

export type LoadRequest = {
  source: ModelSource;
  pageUrl: string;
  hubUrl: string;
  /** Aborts as soon as so many bytes of the model are there. */
  abortAt?: number;
  /** Removes the models that are kept first. */
  clear?: boolean;
  /** Holds this kept file of the model open meanwhile, as another tab would. */
  hold?: HubFile;
};

export type LoadReply = {
  /** Hashes of the files, or the error's name and message. */
  files: Record<string, string> | null;
  error: string | null;
  progress: DownloadProgress[];
  models: CachedModel[];
};

async function hash(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

self.onmessage = async ({ data }: MessageEvent<LoadRequest>) => {
  const { source, pageUrl, hubUrl, abortAt, clear, hold } = data;
  const store = await openBrowserStore('models');
  const cache = store && createModelCache(store);
  if (clear) for (const model of (await cache?.models()) ?? []) await cache?.remove(model);
  const held = hold && (await cache?.append({ hub: hubUrl, repository: 'owner/tiny', revision: 'main' }, hold));
  const progress: DownloadProgress[] = [];
  const abort = new AbortController();
  const onProgress = (event: DownloadProgress) => {
    progress.push(event);
    if (abortAt !== undefined && event.loaded >= abortAt) abort.abort();
  };
  const reply: LoadReply = { files: null, error: null, progress, models: [] };
  try {
    const { files } = await openModel(source, { pageUrl, hubUrl, cache, onProgress, signal: abort.signal });
    reply.files = {};
    for (const [path, bytes] of files) reply.files[path] = await hash(bytes);
  } catch (error) {
    reply.error = `${(error as Error).name}: ${(error as Error).message}`;
  }
  await held?.close();
  reply.models = (await cache?.models()) ?? [];
  self.postMessage(reply);
};
