/** Gathers the worker's events: steps reach the screen at most ten times a second, turning points at once. */
import type { RunEvent } from '../contract/run.ts';

export type StampedEvent = { event: RunEvent; at: number };

/** Calls `flush` with what has gathered, in order, each event with the time of its arrival. */
export function bufferEvents(
  flush: (batch: StampedEvent[]) => void,
  interval = 100,
  now: () => number = Date.now,
): (event: RunEvent) => void {
  let batch: StampedEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function release(): void {
    clearTimeout(timer);
    timer = undefined;
    const gathered = batch;
    batch = [];
    flush(gathered);
  }

  return (event) => {
    batch.push({ event, at: now() });
    if (event.type !== 'step') release();
    else timer ??= setTimeout(release, interval);
  };
}
