/**
 * Time in a run, in milliseconds: what has passed without the pauses, and what remains. Steps and evaluations are counted
 * apart, as an evaluation may take as long as many steps; the pace is that of the latter half of the steps done, as the
 * first of each length of batch compile or are recorded.
 */

/** Where the run was: at a step, after so much active time, of which so much was training. */
type Mark = { step: number; active: number; training: number };

export type Clock = {
  startedAt: number | null;
  pausedAt: number | null;
  endedAt: number | null;
  pausedFor: number;
  /** Where the pace is measured from, the mark that will be next, and the latest step. */
  from: Mark | null;
  next: Mark | null;
  latest: Mark | null;
  /** Time spent on evaluations, how many they were, and the latest: its step, and the active time at its end. */
  evaluating: { total: number; count: number; step: number; active: number };
};

export const stoppedClock: Clock = {
  startedAt: null,
  pausedAt: null,
  endedAt: null,
  pausedFor: 0,
  from: null,
  next: null,
  latest: null,
  evaluating: { total: 0, count: 0, step: 0, active: 0 },
};

/** A pace over fewer steps than these is chance. */
const fewestSteps = 8;

/** Active milliseconds up to `now`. */
export function elapsed(clock: Clock, now: number): number {
  if (clock.startedAt === null) return 0;
  const end = clock.pausedAt ?? clock.endedAt ?? now;
  return Math.max(0, end - clock.startedAt - clock.pausedFor);
}

export function markStep(clock: Clock, step: number, at: number): Clock {
  const active = elapsed(clock, at);
  const latest = { step, active, training: active - clock.evaluating.total };
  const { from, next } = clock;
  if (!from || !next) return { ...clock, from: latest, next: latest, latest };
  const isTurn = step >= Math.max(2 * next.step, next.step + fewestSteps);
  return isTurn ? { ...clock, from: next, next: latest, latest } : { ...clock, latest };
}

/** An evaluation at `step` has ended; it took `seconds`. */
export function markEvaluation(clock: Clock, step: number, seconds: number, at: number): Clock {
  const { total, count } = clock.evaluating;
  const evaluating = { total: total + seconds * 1000, count: count + 1, step, active: elapsed(clock, at) };
  return { ...clock, evaluating };
}

export function markPause(clock: Clock, at: number): Clock {
  return clock.pausedAt === null ? { ...clock, pausedAt: at } : clock;
}

export function markResume(clock: Clock, at: number): Clock {
  if (clock.pausedAt === null) return clock;
  return { ...clock, pausedAt: null, pausedFor: clock.pausedFor + (at - clock.pausedAt) };
}

/**
 * Milliseconds until the run ends: its steps and its evaluations, one every `evaluateEvery` steps and one at the end; null
 * before the third step.
 */
export function remaining(clock: Clock, totalSteps: number, evaluateEvery: number, now: number): number | null {
  const { from, latest, evaluating } = clock;
  if (!from || !latest || latest.step - from.step < 2) return null;
  const step = (latest.training - from.training) / (latest.step - from.step);
  const done = Math.floor(evaluating.step / evaluateEvery);
  const evaluations = evaluating.step < totalSteps ? Math.ceil(totalSteps / evaluateEvery) - done : 0;
  const evaluation = evaluating.count > 0 ? evaluating.total / evaluating.count : 0;
  const since = elapsed(clock, now) - Math.max(latest.active, evaluating.active);
  return Math.max(0, (totalSteps - latest.step) * step + evaluations * evaluation - since);
}
