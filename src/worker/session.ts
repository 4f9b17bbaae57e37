/** What the worker does for each call, as one typed table. The engine, and tfjs with it, is loaded at the first call that needs it. */
import type { CallName, Calls, DownloadProgress, ModelSource } from '../contract/calls.ts';
import type { RunEvent } from '../contract/run.ts';
import type { TrialProgress } from '../contract/trials.ts';
import { createModelCache } from '../files/model-cache.ts';
import { defaultHubUrl, openModel } from '../files/open-model.ts';
import { openBrowserStore } from '../files/opfs-store.ts';
import type { WasmBuilds } from '../kernels/wasm/wasm-backend.ts';
import { createDatasets } from './datasets.ts';
import type { Engine } from './engine.ts';
import { keepTiles } from './kept-tiles.ts';
import { exportProject, importProject } from './project.ts';
import type { RunBook } from './run-book.ts';
import { RunShelf } from './run-shelf.ts';
import { samplePairs } from './try/samples.ts';

export type Handlers = { [K in CallName]: (params: Calls[K]['params']) => Promise<Calls[K]['result']> };

/** Where the session lies, and whom it tells. */
export type Surroundings = {
  /** Address of the page, from which presets are loaded. */
  pageUrl: string;
  wasmBuilds: WasmBuilds;
  onEvent: (event: RunEvent) => void;
  onDownload: (progress: DownloadProgress) => void;
  /** Of what Try asked. */
  onProgress: (progress: TrialProgress) => void;
};

const csv = (text: string) => new Blob([text], { type: 'text/csv' });

export function createSession({ pageUrl, wasmBuilds, onEvent, onDownload, onProgress }: Surroundings): Handlers {
  const datasets = createDatasets();
  let engine: Promise<Engine> | null = null;
  let download: AbortController | null = null;
  const getEngine = () => {
    engine ??= import('./engine.ts').then(({ createEngine }) =>
      createEngine(
        (event) => {
          book?.record(event);
          onEvent(event);
        },
        { onProgress, tiles: keepTiles(() => openBrowserStore('models')) },
      ),
    );
    return engine;
  };
  /** Where the loaded model came from. */
  let modelSource: ModelSource | null = null;
  /** Of the run that trains now. */
  let book: RunBook | null = null;
  let shelf: Promise<RunShelf> | null = null;
  const getShelf = () => {
    shelf ??= RunShelf.open();
    return shelf;
  };
  /** The engine, once it has left off answering what Try asked. */
  const getIdleEngine = async () => {
    const found = await getEngine();
    await found.trials.stop();
    return found;
  };

  const openCache = async () => {
    const store = await openBrowserStore('models');
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

    checkData: () => datasets.health(),

    planData: async ({ config }) => (await getEngine()).plan(datasets.prepare(config), config),

    problemsCsv: async ({ slot, language }) => datasets.problemsCsv(slot, language),

    loadModel: async ({ source }) => {
      const { files, name } = await open(source);
      const summary = (await getIdleEngine()).load(files, name);
      modelSource = source;
      return summary;
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

    startRun: async ({ runId, config, resume }) => {
      const engine = await getIdleEngine();
      const runs = await getShelf();
      const data = datasets.prepare(config);
      const { model, backend } = engine.facts();
      const inputs = { ...datasets.inputs(), model: modelSource! };
      const run = { id: runId, config, model, backend, data };
      await runs.during(run, inputs, resume, async (written) => {
        book = written;
        try {
          const keeping = { store: runs.store, resume, before: async () => written?.settled() };
          const step = await engine.run(runId, config, data, keeping);
          if (written && step !== null) {
            const { tensors, state } = await engine.weights();
            const kept = await runs.keepWeights(runId, written, step, tensors, state);
            if (!kept) onEvent({ runId, step, type: 'unsaved' });
          }
        } finally {
          book = null;
        }
      });
      return null;
    },

    pauseRun: async () => {
      (await getEngine()).pause();
      return null;
    },

    resumeRun: async () => {
      (await getIdleEngine()).resume();
      return null;
    },

    stopRun: async ({ keep }) => {
      (await getIdleEngine()).stop(keep);
      return null;
    },

    listRuns: async () => (await getShelf()).list(),

    openRun: async ({ id }) => (await getShelf()).detail(id),

    runInputs: async ({ id }) => (await getShelf()).inputs(id),

    changeRun: async ({ id, ...changes }) => (await getShelf()).change(id, changes),

    removeRuns: async ({ ids, removed }) => {
      await (await getShelf()).setRemoved(ids, removed);
      return null;
    },

    useRun: async ({ id }) => {
      const runs = await getShelf();
      const { tensors, state } = await runs.weights(id);
      const { entry, evaluations } = await runs.detail(id);
      const { config, keptStep, step } = entry;
      const run = { config, data: datasets.prepare(config), records: evaluations, step: keptStep ?? step };
      await (await getIdleEngine()).reopen(tensors, state, run);
      return null;
    },

    exportProject: async (choice) => exportProject(await getShelf(), choice),

    importProject: async ({ file }) => {
      const { database, store } = await getShelf();
      return importProject(database, store, file);
    },

    exportModel: async () => {
      const { bytes, name } = await (await getEngine()).export();
      return { file: new Blob([bytes], { type: 'application/zip' }), name: `${name}.zip` };
    },

    tryPair: async ({ texts, config }) => (await getEngine()).trials.pair(texts, config),

    rankTexts: async ({ query, texts, config }) => (await getEngine()).trials.rank({ query, texts }, config),

    similarityMatrix: async ({ count, config }) =>
      (await getEngine()).trials.matrix(count, datasets.prepare(config), config),

    embeddingMap: async ({ method, config }) =>
      (await getEngine()).trials.map(method, datasets.prepare(config), config),

    viewTokens: async ({ text, config }) => (await getEngine()).trials.tokens(text, config),

    samplePairs: async ({ limit, config }) => samplePairs(datasets.prepare(config), limit),

    cancelTrial: async () => {
      await getIdleEngine();
      return null;
    },

    resultsCsv: async ({ group }) => csv((await getEngine()).resultsCsv(group)),

    predictions: async ({ limit }) => (await getEngine()).predictions(limit),

    predictionsCsv: async () => csv((await getEngine()).predictionsCsv()),
  };
}
