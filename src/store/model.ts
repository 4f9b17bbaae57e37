/** The action that loads a model; an exported one brings its pooling and length, which the options take over. */
import type { ModelSource, ModelSummary } from '../contract/calls.ts';
import { attempt, type Desk } from './desk.ts';
import type { Drafts } from './options.ts';

export function modelActions(desk: Desk, replan: () => void) {
  const { get, set, ask } = desk;
  let last = 0;

  /** Loads a model. Where that fails, the one before it stays. */
  async function loadModel(source: ModelSource): Promise<void> {
    const turn = ++last;
    const { source: before, summary: loaded } = get().model;
    set({ model: { phase: 'loading', source, summary: loaded } });
    const summary = await attempt(desk, 'model', () => ask('loadModel', { source }));
    if (turn !== last) return;
    if (summary) {
      set(({ drafts, trial }) => ({
        model: { phase: 'ready', source, summary },
        drafts: takeOver(drafts, summary),
        trial: { ...trial, result: null },
        exported: false,
      }));
      replan();
    } else {
      const kept = loaded ? ({ phase: 'ready', source: before, summary: loaded } as const) : null;
      set({ model: kept ?? { phase: 'none', source: null, summary: null } });
    }
  }

  return { loadModel };
}

/** The options with what the model was trained with. */
function takeOver(drafts: Drafts, { pooling, maxLength }: ModelSummary): Drafts {
  return {
    ...drafts,
    ...(pooling ? { pooling } : {}),
    ...(maxLength ? { maxLength: String(maxLength) } : {}),
  };
}
