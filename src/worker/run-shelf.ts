/** The runs kept on this device: listing, opening and removing them, and writing one down while it trains. */
import type { RunConfig } from '../contract/catalogue.ts';
import { fail } from '../contract/problems.ts';
import type { BackendName } from '../contract/run.ts';
import { curveNames, type RunCurves, type RunDetail, type RunEntry, type RunInputs } from '../contract/runs.ts';
import { checkpointStep, readCheckpoint, writeCheckpoint } from '../files/checkpoint.ts';
import { type FileStore, StoreFull } from '../files/file-store.ts';
import { openBrowserStore } from '../files/opfs-store.ts';
import { RunDatabase } from '../files/run-database.ts';
import type { HostTensor } from '../model/parameters.ts';
import type { PreparedData } from './datasets.ts';
import { RunBook } from './run-book.ts';

const lockOf = (id: string) => `run ${id}`;
export const weightsOf = (id: string) => `${id}.weights`;

const noCurves = (): RunCurves =>
  Object.fromEntries(['step', 'epoch', ...curveNames].map((name) => [name, new Float64Array()])) as RunCurves;

/** What a run that begins is known by. */
export type NewRun = { id: string; config: RunConfig; model: string; backend: BackendName; data: PreparedData };

export class RunShelf {
  /** Of checkpoints and weights; null where the browser has no place for them. */
  readonly store: FileStore | null;
  readonly database: RunDatabase | null;

  private constructor(database: RunDatabase | null, store: FileStore | null) {
    this.database = database;
    this.store = store;
  }

  /** Opens the shelf, and deletes for good what was removed before. */
  static async open(): Promise<RunShelf> {
    const [database, store] = await Promise.all([RunDatabase.open(), openBrowserStore('runs')]);
    const gone = (await database?.purge()) ?? [];
    for (const id of gone) for (const folder of [id, weightsOf(id)]) await store?.remove(folder);
    return new RunShelf(database, store);
  }

  /** The newest first. Those that no page trains any more are `interrupted`. */
  async list(): Promise<RunEntry[]> {
    if (!this.database) return [];
    const held = new Set((await navigator.locks.query()).held?.map(({ name }) => name));
    const entries = await this.database.list();
    return Promise.all(
      entries.map(async (entry) => {
        if (entry.status !== 'running' || held.has(lockOf(entry.id))) return entry;
        // The page may have gone before it could note its last checkpoint: the files know.
        const checkpoint = this.store && (await checkpointStep(this.store, entry.id));
        return { ...entry, status: 'interrupted' as const, checkpoint };
      }),
    );
  }

  /** @throws ProblemError where there is no such run */
  async detail(id: string): Promise<RunDetail> {
    const entry = (await this.database?.entry(id)) ?? fail('run-missing', {});
    const body = await this.database?.body(id);
    return { entry, curves: body?.curves ?? noCurves(), evaluations: body?.evaluations ?? [] };
  }

  /** @throws ProblemError where they were not kept */
  async inputs(id: string): Promise<RunInputs> {
    return (await this.database?.inputs(id)) ?? fail('run-inputs-missing', {});
  }

  async change(id: string, changes: Partial<Pick<RunEntry, 'name' | 'note'>>): Promise<RunEntry> {
    return (await this.database?.change(id, changes)) ?? fail('run-missing', {});
  }

  async setRemoved(ids: readonly string[], removed: boolean): Promise<void> {
    await this.database?.setRemoved(ids, removed);
  }

  /**
   * Trains by `body` while the run is written down.
   * @param resume whether it continues one that is on the shelf
   */
  async during(
    { id, config, model, backend, data }: NewRun,
    inputs: RunInputs,
    resume: boolean,
    body: (book: RunBook | null) => Promise<void>,
  ): Promise<void> {
    if (!this.database) return body(null);
    const known = resume ? await this.database.entry(id) : null;
    const entry: RunEntry = known ?? {
      id,
      name: '',
      note: '',
      createdAt: Date.now(),
      status: 'running',
      config,
      model,
      backend,
      data: {
        ...data.files,
        trainExamples: data.plan.trainExamples,
        evaluationPairs: data.plan.evaluationPairs,
      },
      step: 0,
      totalSteps: 0,
      stepsPerEpoch: 0,
      seconds: 0,
      primary: null,
      before: null,
      latest: null,
      best: null,
      keptStep: null,
      problem: null,
      checkpoint: null,
      weights: null,
    };
    const book = new RunBook(this.database, entry, known && (await this.database.body(id)));
    if (!known) await this.database.putInputs(id, inputs).catch(() => {}); // no room: the run cannot be made again by itself
    await navigator.locks.request(lockOf(id), async () => {
      await body(book);
      await book.settled();
    });
  }

  /** Keeps the weights of a run that has ended, and lets go of its checkpoint. @returns false where there is no room for them */
  async keepWeights(
    id: string,
    book: RunBook,
    step: number,
    tensors: ReadonlyMap<string, HostTensor>,
    state: unknown,
  ): Promise<boolean> {
    if (!this.store) return true;
    await this.store.remove(id);
    book.change({ checkpoint: null });
    try {
      await writeCheckpoint(this.store, weightsOf(id), step, tensors, state);
    } catch (error) {
      if (error instanceof StoreFull) return false;
      throw error;
    }
    const weights = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    book.change({ weights });
    return true;
  }

  /** @throws ProblemError where they were not kept */
  async weights(id: string): Promise<{ tensors: Map<string, HostTensor>; state: unknown }> {
    return (this.store && (await readCheckpoint(this.store, weightsOf(id)))) ?? fail('run-weights-missing', {});
  }
}
