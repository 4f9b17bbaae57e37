/** A run's checkpoints in the browser's file system: its snapshot, its evaluations so far, and what it was trained on. */
import { fail } from '../contract/problems.ts';
import type { TrainingExamples } from '../data/example-columns.ts';
import type { EvaluationRecord } from '../evaluation/results-csv.ts';
import { readCheckpoint, writeCheckpoint } from '../files/checkpoint.ts';
import type { FileStore } from '../files/file-store.ts';
import type { HostTensor } from '../model/parameters.ts';
import { packSnapshot, type RunSnapshot, type SnapshotState, unpackSnapshot } from '../training/snapshot.ts';

/** Other formats are not read: the run then begins anew. */
const version = 1;

/** What the engine knows of a run beside the snapshot: the epoch of its latest step, and its evaluations. */
type History = { epoch: number; records: EvaluationRecord[] };

type State = { version: number; data: string; snapshot: SnapshotState } & History;

const known = new WeakMap<TrainingExamples, string>();

/** A hash (FNV-1a, 32 bits) of all examples, and their number: says whether a run continues on the data it began with. */
function fingerprint(examples: TrainingExamples): string {
  const found = known.get(examples);
  if (found) return found;
  let hash = 0x811c9dc5;
  const add = (value: number) => {
    hash = Math.imul(hash ^ value, 0x01000193);
  };
  for (const text of examples.texts) {
    for (let i = 0; i < text.length; i++) add(text.charCodeAt(i));
    add(0xffff);
  }
  for (const number of examples.numbers) add(number);
  const made = `${examples.count} ${examples.width} ${(hash >>> 0).toString(16)}`;
  known.set(examples, made);
  return made;
}

export async function saveRun(
  store: FileStore,
  runId: string,
  snapshot: RunSnapshot,
  { examples, epoch, records }: { examples: TrainingExamples } & History,
): Promise<void> {
  const { tensors, state } = packSnapshot(snapshot);
  const all: State = { version, data: fingerprint(examples), snapshot: state, epoch, records };
  await writeCheckpoint(store, runId, snapshot.step, tensors, all);
}

/**
 * The snapshot that a run continues from.
 * @param parameters names and shapes of the model's, head included
 * @throws ProblemError where there is none, or data or model are not those of the run
 */
export async function openRun(
  store: FileStore | null,
  runId: string,
  examples: TrainingExamples,
  parameters: ReadonlyMap<string, Pick<HostTensor, 'shape'>>,
): Promise<{ snapshot: RunSnapshot } & History> {
  const found = store && (await readCheckpoint(store, runId));
  const state = found?.state as State | undefined;
  if (!found || state?.version !== version) return fail('checkpoint-missing', {});
  if (state.data !== fingerprint(examples)) fail('checkpoint-data', {});
  const snapshot = unpackSnapshot(found.tensors, state.snapshot);
  const shapes = (map: ReadonlyMap<string, { shape: number[] }>) =>
    JSON.stringify([...map].map(([name, { shape }]) => [name, shape]));
  if (shapes(snapshot.parameters) !== shapes(parameters)) fail('checkpoint-model', {});
  return { snapshot, epoch: state.epoch, records: state.records };
}
