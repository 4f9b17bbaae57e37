/** Kept runs out of this device into one file, and back into another device. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { FileStore } from '../files/file-store.ts';
import { type ProjectRun, packProject, unpackProject } from '../files/project.ts';
import type { RunDatabase } from '../files/run-database.ts';
import { type RunShelf, weightsOf } from './run-shelf.ts';

export type ProjectChoice = {
  ids: readonly string[];
  /** Whether the files they were made from go with them. */
  data: boolean;
  weights: boolean;
  config: RunConfig | null;
};

async function readWeights(store: FileStore | null, id: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const name of (await store?.files(weightsOf(id)))?.keys() ?? [])
    found.set(name, await store!.read(weightsOf(id), name));
  return found;
}

export async function exportProject(shelf: RunShelf, { ids, data, weights, config }: ProjectChoice): Promise<Blob> {
  const runs: ProjectRun[] = [];
  for (const entry of await shelf.list()) {
    if (!ids.includes(entry.id) || entry.status === 'running') continue;
    const { curves, evaluations } = await shelf.detail(entry.id);
    runs.push({
      entry,
      curves,
      evaluations,
      inputs: data ? await shelf.inputs(entry.id).catch(() => null) : null,
      weights: weights ? await readWeights(shelf.store, entry.id) : new Map(),
    });
  }
  return new Blob([await packProject(runs, config)], { type: 'application/zip' });
}

/** Takes in the runs that are not there yet. */
export async function importProject(
  database: RunDatabase | null,
  store: FileStore | null,
  file: File,
): Promise<{ runs: number; config: RunConfig | null }> {
  const { runs, config } = unpackProject(new Uint8Array(await file.arrayBuffer()), file.name);
  let taken = 0;
  for (const { entry, curves, evaluations, inputs, weights } of runs) {
    if (!database || (await database.entry(entry.id))) continue;
    for (const [name, bytes] of store ? weights : []) {
      const place = await store!.append(weightsOf(entry.id), name);
      try {
        await place.clear();
        await place.write(bytes);
      } finally {
        await place.close();
      }
    }
    if (inputs) await database.putInputs(entry.id, inputs);
    await database.put(store ? entry : { ...entry, weights: null }, { curves, evaluations });
    taken++;
  }
  return { runs: taken, config };
}
