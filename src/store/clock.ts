/** Time in a run, in milliseconds: what has passed without the pauses, and what remains at the pace so far. */

export type Clock = {
  startedAt: number | null;
  pausedAt: number | null;
  endedAt: number | null;
  pausedFor: number;
  /** Active time at the first and the latest step: the first is left out of the pace, as it compiles. */
  first: { step: number; active: number } | null;
  latest: { step: number; active: number } | null;
};

export const stoppedClock: Clock = {
  startedAt: null,
  pausedAt: null,
  endedAt: null,
  pausedFor: 0,
  first: null,
  latest: null,
};

/** Active milliseconds up to `now`. */
export function elapsed(clock: Clock, now: number): number {
  if (clock.startedAt === null) return 0;
  const end = clock.pausedAt ?? clock.endedAt ?? now;
  return Math.max(0, end - clock.startedAt - clock.pausedFor);
}

export function markStep(clock: Clock, step: number, at: number): Clock {
  const mark = { step, active: elapsed(clock, at) };
  return { ...clock, first: clock.first ?? mark, latest: mark };
}

export function markPause(clock: Clock, at: number): Clock {
  return clock.pausedAt === null ? { ...clock, pausedAt: at } : clock;
}

export function markResume(clock: Clock, at: number): Clock {
  if (clock.pausedAt === null) return clock;
  return { ...clock, pausedAt: null, pausedFor: clock.pausedFor + (at - clock.pausedAt) };
}

/** Milliseconds until the last step at the pace since the first one (evaluations included); null before two more steps. */
export function remaining(clock: Clock, totalSteps: number, now: number): number | null {
  const { first, latest } = clock;
  if (!first || !latest || latest.step - first.step < 2) return null;
  const pace = (latest.active - first.active) / (latest.step - first.step);
  const sinceLatest = elapsed(clock, now) - latest.active;
  return Math.max(0, (totalSteps - latest.step) * pace - sinceLatest);
}
