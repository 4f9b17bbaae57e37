/** What the worker does for each call, as one typed table. The engine, and tfjs with it, is loaded at the first call that needs it. */
import type { CallName, Calls } from '../contract/calls.ts';
import { presets } from '../contract/presets.ts';
import { fail } from '../contract/problems.ts';
import type { RunEvent } from '../contract/run.ts';
import { fetchModelFiles, unzipModelFiles } from '../files/model-files.ts';
import { createDatasets } from './datasets.ts';
import type { Engine } from './engine.ts';

export type Handlers = { [K in CallName]: (params: Calls[K]['params']) => Promise<Calls[K]['result']> };

/** What a preset's folder is loaded as; their sizes together are its download. */
export const presetFiles = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt'];

/**
 * @param baseUrl address of the page, from which presets are loaded
 * @param wasmPath address of the WASM backend's binary
 * @param emit passes a run's event on
 */
export function createSession(baseUrl: string, wasmPath: string, emit: (event: RunEvent) => void): Handlers {
  const datasets = createDatasets();
  let engine: Promise<Engine> | null = null;
  const getEngine = () => {
    engine ??= import('./engine.ts').then(({ createEngine }) => createEngine(emit));
    return engine;
  };

  return {
    startEngine: async ({ backend }) => (await getEngine()).start(backend, wasmPath),

    readData: ({ slot, file, options }) => datasets.read(slot, file, options),

    setRoles: async ({ slot, roles }) => datasets.setRoles(slot, roles),

    clearData: async ({ slot }) => {
      datasets.clear(slot);
      return null;
    },

    planData: async ({ config }) => (await getEngine()).plan(datasets.prepare(config), config),

    problemsCsv: async ({ slot, language }) => datasets.problemsCsv(slot, language),

    loadModel: async ({ source }) => {
      const { load } = await getEngine();
      if (source.kind === 'file') {
        const { file } = source;
        return load(
          unzipModelFiles(new Uint8Array(await file.arrayBuffer()), file.name),
          file.name.replace(/\.zip$/i, ''),
        );
      }
      const preset =
        presets.find(({ name }) => name === source.name) ??
        fail('model-missing-file', { source: source.name, file: 'preset' });
      return load(await fetchModelFiles(new URL(preset.path, baseUrl).href, presetFiles), preset.name);
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

    embed: async ({ texts, config }) => (await getEngine()).embed(texts, config),
  };
}
