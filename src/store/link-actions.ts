/** Actions on the configuration in the page's address: take it over, and write one. */
import { defaultsFor, type OptionName } from '../contract/catalogue.ts';
import type { Desk } from './desk.ts';
import { isBundled, readLink, writeLink } from './link.ts';
import type { modelActions } from './model.ts';
import { draftsOf, objectiveIn } from './options.ts';
import { suitDrafts } from './suits.ts';

export function linkActions(desk: Desk, model: Pick<ReturnType<typeof modelActions>, 'loadModel'>, replan: () => void) {
  const { get, set } = desk;

  /** Sets the options of the link that was opened; the others follow the objective, the model and the data. */
  function applyLink(): void {
    const { link } = get();
    if (!link) return;
    set((state) => {
      const base = draftsOf(defaultsFor(objectiveIn({ ...state.drafts, ...link.drafts })));
      const chosen = new Set(Object.keys(link.drafts) as OptionName[]);
      return { chosen, drafts: suitDrafts({ ...state, chosen, drafts: { ...base, ...link.drafts } }) };
    });
    replan();
  }

  /** Loads the model that the link names; what the model brings with it gives way to the link. */
  async function loadLinkedModel(): Promise<void> {
    const source = get().link?.model;
    if (!source) return;
    await model.loadModel(source);
    applyLink();
  }

  /**
   * Takes over what the page's address says. A model of the hub is downloaded only when the user asks for it.
   * @param own whether the page was only loaded again: then nothing is said of a link in which nothing is wrong
   */
  async function openLink(query: URLSearchParams, own: boolean): Promise<void> {
    const link = readLink(query);
    if (!link) return;
    set({ link });
    applyLink();
    const bundled = link.model !== null && isBundled(link.model);
    if (bundled) await loadLinkedModel();
    if (own && link.problems.length === 0 && (bundled || !link.model)) set({ link: null });
  }

  return { openLink, loadLinkedModel, closeLink: () => set({ link: null }), linkQuery: () => writeLink(get()) };
}
