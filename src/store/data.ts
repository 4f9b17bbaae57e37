/** Actions on the two tables: read, re-read, name the columns, clear, and ask what a run on them would do. */

import type { ReadOptions, Slot, TableSummary } from '../contract/data.ts';
import type { Role } from '../contract/objectives.ts';
import { defaultPreset } from '../contract/presets.ts';
import type { Text } from '../contract/problems.ts';
import { suggestObjective } from '../contract/suitability.ts';
import { attempt, type Desk } from './desk.ts';
import { configOf } from './options.ts';
import { emptySlot, type SlotState } from './state.ts';
import { suitDrafts } from './suits.ts';

/** Milliseconds of quiet before the plan is asked for again. */
const quiet = 200;

export function dataActions(desk: Desk, loadModel: (source: { kind: 'preset'; name: string }) => Promise<void>) {
  const { get, set, ask } = desk;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastPlan = 0;
  let lastCheck = 0;
  const lastRead = { train: 0, evaluation: 0 };

  function patchSlot(slot: Slot, patch: Partial<SlotState>): void {
    set(({ slots }) => ({ slots: { ...slots, [slot]: { ...slots[slot], ...patch } } }));
  }

  /** Reads a file into a slot. Where that fails, what was there before stays. */
  async function readData(slot: Slot, file: File, options: ReadOptions = {}): Promise<void> {
    const turn = ++lastRead[slot];
    patchSlot(slot, { reading: true });
    const table = await attempt(desk, slot, () => ask('readData', { slot, file, options }));
    if (turn !== lastRead[slot]) return;
    patchSlot(slot, table ? { reading: false, file, options, table, removed: null } : { reading: false });
    if (!table) return;
    takeTable(slot, table);
    if (get().model.phase === 'none') void loadModel({ kind: 'preset', name: defaultPreset });
    replan();
  }

  /** What a new table, or one with new roles, changes beside itself: judged models, and the objective until the user chooses one. */
  function takeTable(slot: Slot, { facts }: TableSummary): void {
    forgetJudgements();
    void checkHealth();
    if (slot !== 'train' || get().chosen.has('objective')) return;
    const { objective } = suggestObjective(facts);
    set((state) => ({ drafts: suitDrafts({ ...state, drafts: { ...state.drafts, objective } }) }));
  }

  /** Asks what stands out in the tables; an answer about tables that are gone is dropped. */
  async function checkHealth(): Promise<void> {
    const turn = ++lastCheck;
    set({ health: null });
    if (!get().slots.train.table) return;
    const health = await attempt(desk, 'plan', () => ask('checkData', null));
    if (turn === lastCheck) set({ health });
  }

  /** Figures of base models hold for the data they were judged on. */
  function forgetJudgements(): void {
    set(({ comparison }) => (comparison.busy ? {} : { comparison: { ...comparison, rows: [] } }));
  }

  /** Re-reads the slot's own file with other settings. */
  async function rereadData(slot: Slot, options: ReadOptions): Promise<void> {
    const { file, options: before } = get().slots[slot];
    if (file) await readData(slot, file, { ...before, ...options });
  }

  async function setRole(slot: Slot, column: number, role: Role): Promise<void> {
    const roles = get().slots[slot].table?.columns.map((each, i) => (i === column ? role : each.role));
    if (roles) await setRoles(slot, roles);
  }

  async function setRoles(slot: Slot, roles: Role[]): Promise<void> {
    const table = await attempt(desk, slot, () => ask('setRoles', { slot, roles }));
    if (!table) return;
    patchSlot(slot, { table });
    takeTable(slot, table);
    replan();
  }

  async function clearData(slot: Slot): Promise<void> {
    lastRead[slot]++;
    const done = await attempt(desk, slot, async () => {
      await ask('clearData', { slot });
      return true;
    });
    if (!done) return;
    forgetJudgements();
    const { file, options, table } = get().slots[slot];
    const removed = file && table && { file, options, roles: table.columns.map(({ role }) => role) };
    set(({ slots }) => ({
      slots: { ...slots, [slot]: { ...emptySlot, removed } },
      ...(slot === 'train' ? { plan: null } : {}),
    }));
    void checkHealth();
    replan();
  }

  /** Undoes a removal: the file is read again as it was, with the roles it had. */
  async function restoreData(slot: Slot): Promise<void> {
    const { removed } = get().slots[slot];
    if (!removed) return;
    await readData(slot, removed.file, removed.options);
    if (get().slots[slot].file === removed.file) await setRoles(slot, removed.roles);
  }

  /** Asks what a run would do, once nothing has changed for a moment; an answer that came too late is dropped. */
  function replan(): void {
    clearTimeout(timer);
    const turn = ++lastPlan;
    set({ planning: true });
    timer = setTimeout(async () => {
      const { slots, model, drafts } = get();
      const config = configOf(drafts, model.summary);
      const ready = slots.train.table && config;
      const plan = ready ? await attempt(desk, 'plan', () => ask('planData', { config })) : null;
      if (turn !== lastPlan) return;
      set({ planning: false, ...(ready ? { plan } : {}) });
      // The interval of the evaluations follows the length of the run.
      if (plan) set((state) => ({ drafts: suitDrafts(state) }));
    }, quiet);
  }

  /** All rows left out, as CSV, with the reasons in `language`. */
  function problemsCsv(slot: Slot, language: keyof Text): Promise<Blob | null> {
    return attempt(desk, slot, () => ask('problemsCsv', { slot, language }));
  }

  return { readData, rereadData, setRole, setRoles, clearData, restoreData, replan, problemsCsv };
}
