/** The table of runs in the browser's IndexedDB: entries, curves and evaluations, and what runs were made from. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { KeptEvaluation, RunCurves, RunEntry, RunInputs } from '../contract/runs.ts';

/** What is read only when a run is opened. */
export type RunBody = { curves: RunCurves; evaluations: KeptEvaluation[] };

interface Schema extends DBSchema {
  entries: { key: string; value: RunEntry & { /** Waits for the next start to go for good. */ removed?: true } };
  bodies: { key: string; value: RunBody };
  inputs: { key: string; value: RunInputs };
}

const tables = ['entries', 'bodies', 'inputs'] as const;

export class RunDatabase {
  private readonly db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.db = db;
  }

  /** Null where there is no IndexedDB: Node, some private windows. */
  static async open(): Promise<RunDatabase | null> {
    if (!('indexedDB' in globalThis)) return null;
    const db = await openDB<Schema>('embedsmith', 1, {
      upgrade(fresh) {
        fresh.createObjectStore('entries', { keyPath: 'id' });
        fresh.createObjectStore('bodies');
        fresh.createObjectStore('inputs');
      },
    }).catch(() => null);
    return db && new RunDatabase(db);
  }

  /** Those that were not removed, the newest first. */
  async list(): Promise<RunEntry[]> {
    const all = await this.db.getAll('entries');
    return all.filter(({ removed }) => !removed).sort((a, b) => b.createdAt - a.createdAt);
  }

  async entry(id: string): Promise<RunEntry | null> {
    return (await this.db.get('entries', id)) ?? null;
  }

  async body(id: string): Promise<RunBody | null> {
    return (await this.db.get('bodies', id)) ?? null;
  }

  async inputs(id: string): Promise<RunInputs | null> {
    return (await this.db.get('inputs', id)) ?? null;
  }

  async putInputs(id: string, inputs: RunInputs): Promise<void> {
    await this.db.put('inputs', inputs, id);
  }

  /** Writes an entry and, in the same transaction, its body. */
  async put(entry: RunEntry, body: RunBody | null = null): Promise<void> {
    const transaction = this.db.transaction(['entries', 'bodies'], 'readwrite');
    const writes: Promise<unknown>[] = [transaction.objectStore('entries').put(entry)];
    if (body) writes.push(transaction.objectStore('bodies').put(body, entry.id));
    await Promise.all([...writes, transaction.done]);
  }

  /**
   * Changes what of an entry is given.
   * @returns the changed entry; null where there is none
   */
  async change(id: string, changes: Partial<RunEntry>): Promise<RunEntry | null> {
    const transaction = this.db.transaction('entries', 'readwrite');
    const found = await transaction.store.get(id);
    const changed = found && { ...found, ...changes };
    if (changed) await transaction.store.put(changed);
    await transaction.done;
    return changed ?? null;
  }

  /** Takes runs out of the list, or back into it. */
  async setRemoved(ids: readonly string[], removed: boolean): Promise<void> {
    const transaction = this.db.transaction('entries', 'readwrite');
    for (const id of ids) {
      const found = await transaction.store.get(id);
      if (!found) continue;
      const { removed: _, ...entry } = found;
      await transaction.store.put(removed ? { ...entry, removed } : entry);
    }
    await transaction.done;
  }

  /**
   * Deletes for good what was removed.
   * @returns its ids
   */
  async purge(): Promise<string[]> {
    const gone = (await this.db.getAll('entries')).filter(({ removed }) => removed).map(({ id }) => id);
    const transaction = this.db.transaction(tables, 'readwrite');
    for (const id of gone) for (const table of tables) await transaction.objectStore(table).delete(id);
    await transaction.done;
    return gone;
  }

  close(): void {
    this.db.close();
  }
}
