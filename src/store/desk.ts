/** What every action works with: the state, the worker, and a place for errors. */
import type { CallName, Calls } from '../contract/calls.ts';
import { problemOf } from '../contract/problems.ts';
import type { Place, Studio } from './state.ts';

export type Desk = {
  get(): Studio;
  set(change: Partial<Studio> | ((state: Studio) => Partial<Studio>)): void;
  /** Asks the worker; what needs the device waits until it has started. */
  ask<K extends CallName>(name: K, params: Calls[K]['params']): Promise<Calls[K]['result']>;
};

/** Takes an error off the screen. */
export function dismiss({ set }: Desk, place: Place): void {
  set(({ errors: { [place]: _, ...errors } }) => ({ errors }));
}

/**
 * Runs `work`; an error is shown at `place` and gives null. The error before it goes. That there is no device is told
 * at the head of the page, and not again by every call that needs one.
 */
export async function attempt<T>(desk: Desk, place: Place, work: () => Promise<T>): Promise<T | null> {
  dismiss(desk, place);
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error);
    desk.set(({ errors, engine }) => (engine.problem === problem ? {} : { errors: { ...errors, [place]: problem } }));
    return null;
  }
}
