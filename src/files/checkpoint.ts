/**
 * Checkpoints of runs: a folder a run, in it `<step>.safetensors` and, written last, `<step>.json`, which says that the
 * checkpoint is whole. A newer one takes the older's place only once it is whole, so that a crash at any time leaves one.
 */
import type { HostTensor } from '../model/parameters.ts';
import type { FileStore } from './file-store.ts';
import { readSafetensors, safetensorsPieces } from './safetensors.ts';

const tensorsOf = (step: number) => `${step}.safetensors`;
const stateOf = (step: number) => `${step}.json`;

async function write(store: FileStore, folder: string, name: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const file = await store.append(folder, name);
  try {
    await file.clear();
    for (const piece of pieces) await file.write(piece);
  } finally {
    await file.close();
  }
}

/** What JSON says, or undefined where it breaks off. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The newest whole checkpoint: its step, and its state as JSON. */
async function newest(store: FileStore, runId: string): Promise<{ step: number; state: unknown } | null> {
  const names = [...(await store.files(runId)).keys()];
  const steps = names.flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number);
  for (const step of steps.sort((a, b) => b - a)) {
    const state = names.includes(tensorsOf(step)) ? parse(await store.read(runId, stateOf(step))) : undefined;
    if (state !== undefined) return { step, state };
  }
  return null;
}

/**
 * Keeps a checkpoint and removes what was there before.
 * @param state plain data that JSON holds
 * @throws StoreFull, with the checkpoint before still there
 */
export async function writeCheckpoint(
  store: FileStore,
  runId: string,
  step: number,
  tensors: ReadonlyMap<string, HostTensor>,
  state: unknown,
): Promise<void> {
  try {
    await write(store, runId, tensorsOf(step), safetensorsPieces(tensors));
    await write(store, runId, stateOf(step), [new TextEncoder().encode(JSON.stringify(state))]);
  } catch (error) {
    await store.remove(runId, stateOf(step));
    await store.remove(runId, tensorsOf(step));
    throw error;
  }
  const kept = [tensorsOf(step), stateOf(step)];
  for (const name of (await store.files(runId)).keys()) if (!kept.includes(name)) await store.remove(runId, name);
}

/** The newest whole checkpoint of a run; null where there is none. */
export async function readCheckpoint(
  store: FileStore,
  runId: string,
): Promise<{ tensors: Map<string, HostTensor>; state: unknown } | null> {
  const found = await newest(store, runId);
  if (!found) return null;
  const name = tensorsOf(found.step);
  return { tensors: readSafetensors(await store.read(runId, name), name), state: found.state };
}

/** The step of the newest whole checkpoint of a run; null where there is none. */
export async function checkpointStep(store: FileStore, runId: string): Promise<number | null> {
  return (await newest(store, runId))?.step ?? null;
}
