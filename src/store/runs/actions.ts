/** Actions on kept runs: list, name, remove and bring back, continue, open, reproduce, and lay over the charts. */
import type { RunEntry, RunInputs } from '../../contract/runs.ts';
import { attempt, type Desk } from '../desk.ts';
import type { overlayActions } from '../overlays.ts';
import { isActive, startingRun } from '../run.ts';
import type { trainingActions } from '../training.ts';
import { forgetAnswers } from '../try/state.ts';
import { continuingRun, endedRun, shownRun, titleOf } from './kept.ts';
import { type Restoring, restore } from './restore.ts';
import { runCsv } from './run-csv.ts';
import type { RunsState } from './state.ts';
import type { RunOrder } from './table.ts';

/** Milliseconds between two looks at the runs while one of them trains, here or in another tab. */
const pace = 3000;

type Beside = Restoring & {
  training: Pick<ReturnType<typeof trainingActions>, 'follow'>;
  overlays: Pick<ReturnType<typeof overlayActions>, 'showOverlay' | 'hideOverlay'>;
};

export function runActions(desk: Desk, beside: Beside) {
  const { get, set, ask } = desk;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const patch = (change: Partial<RunsState>) => set(({ runs }) => ({ runs: { ...runs, ...change } }));

  /** Asks which runs are kept, and goes on asking while one of them trains. */
  async function listRuns(): Promise<void> {
    clearTimeout(timer);
    const entries = await attempt(desk, 'runs', () => ask('listRuns', null));
    if (!entries) return;
    patch({ entries });
    clearTimeout(timer);
    if (entries.some(({ status }) => status === 'running')) timer = setTimeout(listRuns, pace);
  }

  async function changeRun(id: string, changes: { name?: string; note?: string }): Promise<void> {
    const changed = await attempt(desk, 'runs', () => ask('changeRun', { id, ...changes }));
    if (!changed) return;
    const { name, note } = changed;
    patch({ entries: get().runs.entries.map((each) => (each.id === id ? { ...each, name, note } : each)) });
  }

  /** Takes runs out of the list; they can be brought back until others are removed. The one that trains stays. */
  async function removeRuns(ids: readonly string[]): Promise<void> {
    const removed = get().runs.entries.filter(({ id, status }) => ids.includes(id) && status !== 'running');
    const gone = removed.map(({ id }) => id);
    if (!(await setRemoved(gone, true))) return;
    for (const id of gone) beside.overlays.hideOverlay(id);
    patch({ removed });
  }

  async function restoreRuns(): Promise<void> {
    const ids = get().runs.removed.map(({ id }) => id);
    if (await setRemoved(ids, false)) patch({ removed: [] });
  }

  async function setRemoved(ids: readonly string[], removed: boolean): Promise<boolean> {
    if (ids.length === 0) return false;
    const done = await attempt(desk, 'runs', async () => {
      await ask('removeRuns', { ids, removed });
      return true;
    });
    if (done) await listRuns();
    return done === true;
  }

  /** Does `work` with what a run was made from, once it is back. */
  async function withInputs(entry: RunEntry, work: (inputs: RunInputs) => Promise<void>): Promise<void> {
    if (isActive(get().run) || get().runs.restoring) return;
    patch({ restoring: entry.id });
    await attempt(desk, 'runs', async () => work(await ask('runInputs', { id: entry.id })));
    patch({ restoring: null });
    if (get().errors.runs) set({ view: 'runs' });
  }

  /** Goes on with a run that was cut off, from its checkpoint. */
  const continueRun = (entry: RunEntry) =>
    withInputs(entry, async (inputs) => {
      const detail = await ask('openRun', { id: entry.id });
      if (!(await restore(desk, beside, inputs, entry.config))) return;
      void beside.training.follow(continuingRun(detail, entry.checkpoint ?? 0), entry.config, true);
    });

  /** The same data, model, options and seed once more, as a run of its own. */
  const reproduceRun = (entry: RunEntry) =>
    withInputs(entry, async (inputs) => {
      if (!(await restore(desk, beside, inputs, entry.config))) return;
      void beside.training.follow(startingRun(crypto.randomUUID()), entry.config, false);
    });

  /** Puts the weights of a run on the model, for Try and Export, and shows what it was. */
  const openRun = (entry: RunEntry) =>
    withInputs(entry, async (inputs) => {
      const { id, config } = entry;
      const detail = await ask('openRun', { id });
      if (!(await restore(desk, beside, inputs, config))) return;
      await ask('useRun', { id });
      set(({ model, trial }) => ({
        model: { ...model, trainedBy: config.objective },
        run: endedRun(detail),
        predictions: null,
        trial: forgetAnswers(trial),
        exported: false,
        view: 'train',
      }));
    });

  /** Lays a run over the charts, or takes it off them. */
  async function overlayRun(id: string, shown: boolean): Promise<void> {
    if (!shown) return beside.overlays.hideOverlay(id);
    const detail = await attempt(desk, 'runs', () => ask('openRun', { id }));
    if (detail) beside.overlays.showOverlay(shownRun(detail));
  }

  /** Every step and evaluation of a run as one table; null where that failed. */
  async function runCsvFile(entry: RunEntry): Promise<{ file: Blob; name: string } | null> {
    const detail = await attempt(desk, 'runs', () => ask('openRun', { id: entry.id }));
    const name = `${titleOf(entry).replace(/[^\p{L}\p{N}._-]+/gu, '-')}.csv`;
    return detail && { file: new Blob([runCsv(detail)], { type: 'text/csv' }), name };
  }

  /** Leaves an interrupted run alone for this visit. */
  function declineRun(id: string): void {
    patch({ declined: new Set([...get().runs.declined, id]) });
  }

  return {
    listRuns,
    sortBy: (order: RunOrder) => patch({ order }),
    changeRun,
    removeRuns,
    restoreRuns,
    continueRun,
    reproduceRun,
    openRun,
    overlayRun,
    runCsvFile,
    declineRun,
  };
}
