/** Actions on the model: load it from any source, stop its download, and keep track of those that the browser has kept. */
import type { ModelSource, ModelSummary } from '../contract/calls.ts';
import type { OptionName } from '../contract/catalogue.ts';
import { attempt, type Desk } from './desk.ts';
import { noModel } from './state.ts';
import { suitDrafts } from './suits.ts';
import { forgetAnswers } from './try/state.ts';

export function modelActions(desk: Desk, replan: () => void) {
  const { get, set, ask } = desk;
  let last = 0;
  let cancelled = 0;

  /** Loads a model. Where that fails, or is cancelled, the one before it stays. */
  async function loadModel(source: ModelSource): Promise<void> {
    const turn = ++last;
    const before = get().model;
    set({ model: { ...before, phase: 'loading', source }, download: null });
    const summary = await attempt(desk, source.kind === 'hub' ? 'hub' : 'model', () =>
      // What became of a load that no longer counts is nobody's problem.
      ask('loadModel', { source }).catch((error) =>
        turn === last && turn !== cancelled ? Promise.reject(error) : null,
      ),
    );
    if (turn !== last) return;
    set({ download: null });
    if (summary) {
      takeModel(source, summary);
      replan();
    } else {
      set({ model: before.summary ? { ...before, phase: 'ready' } : noModel });
    }
    if (source.kind !== 'file' && source.kind !== 'files') await listCached();
  }

  /** The options follow the model until the user sets them; the pooling and length it brings with it always count. */
  function takeModel(source: ModelSource, summary: ModelSummary): void {
    set((state) => {
      const own: OptionName[] = [
        ...(summary.pooling ? (['pooling'] as const) : []),
        ...(summary.maxLength ? (['maxLength'] as const) : []),
      ];
      const chosen = new Set([...state.chosen].filter((name) => !own.includes(name)));
      const model = { phase: 'ready', source, summary, trainedBy: null } as const;
      return {
        model,
        chosen,
        drafts: suitDrafts({ ...state, model, chosen }),
        trial: forgetAnswers(state.trial),
        exported: false,
      };
    });
  }

  /** Stops the download in progress; the model before it stays, and what the download then says of itself is no problem. */
  async function cancelLoad(): Promise<void> {
    cancelled = last;
    await attempt(desk, 'model', () => ask('cancelLoad', null));
  }

  /** Asks which hub models the browser has kept. */
  async function listCached(): Promise<void> {
    const cached = await attempt(desk, 'model', () => ask('listCached', null));
    if (cached) set({ cached });
  }

  /** Frees the disk of a kept model. */
  async function removeCached(repository: string): Promise<void> {
    await attempt(desk, 'model', () => ask('removeCached', { repository }));
    await listCached();
  }

  return { loadModel, cancelLoad, listCached, removeCached };
}
