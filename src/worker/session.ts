/** What the worker does for each call, as one typed table. The engine, and tfjs with it, is loaded at the first call that needs it. */
import type { CallName, Calls, DownloadProgress, ModelSource } from '../contract/calls.ts';
import type { RunEvent } from '../contract/run.ts';
import { createModelCache } from '../files/model-cache.ts';
import { defaultHubUrl, openModel } from '../files/open-model.ts';
import { openBrowserStore } from '../files/opfs-store.ts';
import type { WasmBuilds } from '../kernels/wasm/wasm-backend.ts';
import { createDatasets } from './datasets.ts';
import type { Engine } from './engine.ts';

export type Handlers = { [K in CallName]: (params: Calls[K]['params']) => Promise<Calls[K]['result']> };

/** Where the session lies, and whom it tells. */
export type Surroundings = {
  /** Address of the page, from which presets are loaded. */
  pageUrl: string;
  wasmBuilds: WasmBuilds;
  onEvent: (event: RunEvent) => void;
  onDownload: (progress: DownloadProgress) => void;
};

const csv = (text: string) => new Blob([text], { type: 'text/csv' });

export function createSession({ pageUrl, wasmBuilds, onEvent, onDownload }: Surroundings): Handlers {
  const datasets = createDatasets();
  let engine: Promise<Engine> | null = null;
  let download: AbortController | null = null;
  const getEngine = () => {
    engine ??= import('./engine.ts').then(({ createEngine }) => createEngine(onEvent));
    return engine;
  };

  const openCache = async () => {
    const store = await openBrowserStore();
    return store && createModelCache(store);
  };

  /** A model's files; a download in progress gives way to the next. */
  const open = async (source: ModelSource) => {
    download?.abort();
    const own = new AbortController();
    download = own;
    const cache = await openCache();
    return openModel(source, { pageUrl, hubUrl: defaultHubUrl, cache, onProgress: onDownload, signal: own.signal });
  };

  return {
    startEngine: async ({ backend }) => (await getEngine()).start(backend, wasmBuilds),

    readData: ({ slot, file, options }) => datasets.read(slot, file, options),

    setRoles: async ({ slot, roles }) => datasets.setRoles(slot, roles),

    clearData: async ({ slot }) => {
      datasets.clear(slot);
      return null;
    },

    planData: async ({ config }) => (await getEngine()).plan(datasets.prepare(config), config),

    problemsCsv: async ({ slot, language }) => datasets.problemsCsv(slot, language),

    loadModel: async ({ source }) => {
      const { files, name } = await open(source);
      return (await getEngine()).load(files, name);
    },

    cancelLoad: async () => {
      download?.abort();
      return null;
    },

    listCached: async () => {
      const models = (await (await openCache())?.models()) ?? [];
      return models.filter(({ whole }) => whole).map(({ repository, bytes }) => ({ repository, bytes }));
    },

    removeCached: async ({ repository }) => {
      const cache = await openCache();
      for (const model of (await cache?.models()) ?? [])
        if (model.repository === repository) await cache?.remove(model);
      return null;
    },

    judgeModel: async ({ source, config }) => {
      const { files, name } = await open(source);
      return (await getEngine()).judge(files, name, datasets.prepare(config), config);
    },

    startRun: async ({ runId, config }) => {
      await (await getEngine()).run(runId, config, datasets.prepare(config));
      return null;
    },

    pauseRun: async () => {
      (await getEngine()).pause();
      return null;
    },

    resumeRun: async () => {
      (await getEngine()).resume();
      return null;
    },

    stopRun: async () => {
      (await getEngine()).stop();
      return null;
    },

    exportModel: async () => {
      const { bytes, name } = await (await getEngine()).export();
      return { file: new Blob([bytes], { type: 'application/zip' }), name: `${name}.zip` };
    },

    tryPair: async ({ texts, config }) => (await getEngine()).tryPair(texts, config),

    resultsCsv: async ({ group }) => csv((await getEngine()).resultsCsv(group)),

    predictions: async ({ limit }) => (await getEngine()).predictions(limit),

    predictionsCsv: async () => csv((await getEngine()).predictionsCsv()),
  };
}
