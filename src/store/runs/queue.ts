/** A queue of runs over values of one option, trained one after the other on the same data and model. */
import type { OptionName, RunConfig } from '../../contract/catalogue.ts';
import type { Desk } from '../desk.ts';
import { configOf } from '../options.ts';
import { isActive, startingRun } from '../run.ts';
import { suitDrafts } from '../suits.ts';
import type { trainingActions } from '../training.ts';

/** The options that a queue goes over. */
export const sweepable = ['learningRate', 'objective', 'pooling'] as const satisfies readonly OptionName[];
export type Sweepable = (typeof sweepable)[number];

export const mostValues = 4;

export type QueueState = {
  waiting: readonly RunConfig[];
  paused: boolean;
  /** Runs of this queue that have begun. */
  begun: number;
};

export const emptyQueue: QueueState = { waiting: [], paused: false, begun: 0 };

export function queueActions(
  desk: Desk,
  training: Pick<ReturnType<typeof trainingActions>, 'follow' | 'stopRun'>,
  onEmpty: () => void,
) {
  const { get, set } = desk;
  const patch = (change: Partial<QueueState>) => set(({ queue }) => ({ queue: { ...queue, ...change } }));

  /** Starts the next run, unless one trains or the queue is paused. Called when a run has ended. */
  function advance(): void {
    const { queue, run } = get();
    if (isActive(run) || queue.paused) return;
    const [next, ...waiting] = queue.waiting;
    if (next) {
      patch({ waiting, begun: queue.begun + 1 });
      void training.follow(startingRun(crypto.randomUUID()), next, false);
      set({ view: 'runs' });
    } else if (queue.begun > 0) {
      set({ queue: emptyQueue });
      onEmpty();
    }
  }

  /** The configuration with one value of an option; null where it is wrong. Options that nobody has set follow the objective. */
  function configWith(name: Sweepable, value: string): RunConfig | null {
    const state = get();
    const chosen = new Set([...state.chosen, name]);
    const drafts = suitDrafts({ ...state, chosen, drafts: { ...state.drafts, [name]: value } });
    return configOf(drafts, state.model.summary);
  }

  /** Queues a run for each value. @returns the values that are wrong: then nothing is queued */
  function queueRuns(name: Sweepable, values: readonly string[]): string[] {
    const made = values.slice(0, mostValues).map((value) => ({ value, config: configWith(name, value) }));
    const wrong = made.flatMap(({ value, config }) => (config ? [] : [value]));
    if (wrong.length > 0) return wrong;
    const configs = made.flatMap(({ config }) => (config ? [config] : []));
    patch({ waiting: [...get().queue.waiting, ...configs] });
    advance();
    return [];
  }

  return {
    queueRuns,
    advance,
    /** The run in progress goes on, but no other follows until the queue is resumed. */
    pauseQueue: () => patch({ paused: true }),
    /** Takes back a queue of an earlier load of the page; it rests until the user goes on with it. */
    takeQueue(waiting: readonly RunConfig[]): void {
      if (waiting.length > 0) patch({ waiting, paused: true });
    },
    resumeQueue(): void {
      patch({ paused: false });
      advance();
    },
    /** Ends the run in progress; the next one follows. */
    skipRun: () => training.stopRun(),
    clearQueue: () => patch({ waiting: [], paused: false }),
  };
}
