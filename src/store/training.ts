/** Actions on the run: start, pause, resume, stop, and taking the trained model away. */
import type { RunConfig } from '../contract/catalogue.ts';
import { problemOf } from '../contract/problems.ts';
import { attempt, type Desk } from './desk.ts';
import type { StampedEvent } from './eventBuffer.ts';
import { configOf } from './options.ts';
import { failRun, isActive, type RunState, reduce, startingRun } from './run.ts';

/** `onEnd` is called when a run has ended and all of it is kept. */
export function trainingActions(desk: Desk, onEnd: () => void) {
  const { get, set, ask } = desk;

  /** Starts a run as the form has it. */
  async function startRun(): Promise<void> {
    const { drafts, model, run } = get();
    const config = configOf(drafts, model.summary);
    if (config && !isActive(run)) await follow(startingRun(crypto.randomUUID()), config, false);
  }

  /**
   * Has a run trained and shows it; with `resume` it goes on from its checkpoint. The promise settles when the run has
   * ended.
   */
  async function follow(starting: RunState, config: RunConfig, resume: boolean): Promise<void> {
    const runId = starting.id;
    if (runId === null) return;
    set({ run: starting, view: 'train', exported: false, predictions: null });
    try {
      await ask('startRun', { runId, config, resume });
    } catch (error) {
      // The worker tells of a failure by an event too; the first to arrive stays.
      set(({ run }) => (run.id === runId && isActive(run) ? { run: failRun(run, problemOf(error), Date.now()) } : {}));
    }
    onEnd();
  }

  async function steer(asked: 'pause' | 'resume' | 'stop', call: () => Promise<null>): Promise<void> {
    set(({ run }) => ({ run: { ...run, asked } }));
    const answer = await attempt(desk, 'run', async () => {
      await call();
      return true;
    });
    if (!answer) set(({ run }) => ({ run: { ...run, asked: null } }));
  }

  /** Folds events into the run, all of them in one change of the screen. */
  function takeEvents(batch: readonly StampedEvent[]): void {
    set(({ run, model }) => {
      const begun = batch.findLast(({ event }) => event.type === 'started')?.event;
      return {
        run: batch.reduce((state, { event, at }) => reduce(state, event, at), run),
        ...(begun?.type === 'started' ? { model: { ...model, trainedBy: begun.config.objective } } : {}),
      };
    });
  }

  /** The model as one zip; null where that failed. */
  async function exportModel(): Promise<{ file: Blob; name: string } | null> {
    set({ exporting: true });
    const zip = await attempt(desk, 'export', () => ask('exportModel', null));
    set(({ exported }) => ({ exporting: false, exported: exported || zip !== null }));
    return zip;
  }

  return {
    startRun,
    follow,
    pauseRun: () => steer('pause', () => ask('pauseRun', null)),
    resumeRun: () => steer('resume', () => ask('resumeRun', null)),
    /** @param keep which weights the model is to have then; null as configured */
    stopRun: (keep: 'best' | 'last' | null = null) => steer('stop', () => ask('stopRun', { keep })),
    takeEvents,
    exportModel,
  };
}
