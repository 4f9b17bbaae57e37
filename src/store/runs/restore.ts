/** Brings back what a kept run was made from: model, tables with their roles, and options. */
import type { RunConfig } from '../../contract/catalogue.ts';
import { type OptionName, optionEntries } from '../../contract/catalogue.ts';
import type { Slot } from '../../contract/data.ts';
import type { KeptTable, RunInputs } from '../../contract/runs.ts';
import type { dataActions } from '../data.ts';
import type { Desk } from '../desk.ts';
import type { modelActions } from '../model.ts';
import { draftsOf } from '../options.ts';
import { suitedDraft } from '../suits.ts';

export type Restoring = {
  data: Pick<ReturnType<typeof dataActions>, 'readData' | 'setRoles' | 'clearData' | 'replan'>;
  model: Pick<ReturnType<typeof modelActions>, 'loadModel'>;
};

/** Writes a configuration into the form; what differs from what suits counts as the user's own choice. */
export function writeOptions({ set }: Pick<Desk, 'set'>, config: RunConfig): void {
  set((state) => {
    const drafts = draftsOf(config);
    const suited = { ...state, drafts };
    const own = optionEntries.flatMap(([name]) => (drafts[name] !== suitedDraft(name, suited) ? [name] : []));
    return { drafts, chosen: new Set<OptionName>(['objective', 'evaluateEvery', ...own]) };
  });
}

async function restoreTable(desk: Desk, { data }: Restoring, slot: Slot, kept: KeptTable | null): Promise<boolean> {
  if (!kept) {
    if (desk.get().slots[slot].table) await data.clearData(slot);
    return desk.get().slots[slot].table === null;
  }
  await data.readData(slot, kept.file, kept.options);
  if (desk.get().slots[slot].file !== kept.file) return false;
  await data.setRoles(slot, kept.roles);
  return !desk.get().errors[slot];
}

/** @returns whether all is there; what is not is told beside it, on the step that is shown then */
export async function restore(
  desk: Desk,
  actions: Restoring,
  { train, evaluation, model }: RunInputs,
  config: RunConfig,
): Promise<boolean> {
  const { get, set } = desk;
  await actions.model.loadModel(model);
  if (get().model.source !== model || get().model.phase !== 'ready') {
    set({ view: 'model' });
    return false;
  }
  const there =
    (await restoreTable(desk, actions, 'train', train)) &&
    (await restoreTable(desk, actions, 'evaluation', evaluation));
  if (!there) set({ view: 'data' });
  else writeOptions(desk, config);
  actions.data.replan();
  return there;
}
