/** Pause, resume and stop of one run: its events are passed on one by one, and while paused the next is not asked for. */
import type { RunEvent } from '../contract/run.ts';

export function createSteering(emit: (event: RunEvent) => void) {
  const stop = new AbortController();
  let paused = false;
  let resting = false;
  let gate = Promise.resolve();
  let open = () => {};

  const resume = () => {
    paused = false;
    resting = false;
    open();
  };

  return {
    stopped: stop.signal,
    resume,

    /** Whether a pause was asked for, and the run has not been resumed. */
    isPausing: () => paused,

    /** Whether it is paused, or has finished, and nothing of it is under way. */
    isResting: () => resting,

    pause(): void {
      if (paused) return;
      paused = true;
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },

    /** @param keep which weights the model is to have; null leaves it to the configuration */
    stop(keep: 'best' | 'last' | null): void {
      stop.abort(keep);
      resume();
    },

    /**
     * Reads the run's events to their end; `record` hears each before the page does. A run that saves itself before a pause
     * is paused when it has.
     */
    async follow(events: AsyncGenerator<RunEvent>, record: (event: RunEvent) => void, saves: boolean): Promise<void> {
      for await (const event of events) {
        record(event);
        resting = event.type === 'finished';
        emit(event);
        if (!paused || resting) continue;
        if (saves && event.type !== 'saved' && event.type !== 'unsaved') continue;
        const { runId, step } = event;
        resting = true;
        emit({ runId, step, type: 'paused' });
        await gate;
        emit({ runId, step, type: 'resumed' });
      }
    },
  };
}

export type Steering = ReturnType<typeof createSteering>;
