/** Elapsed and remaining time. */
import { describe, expect, it } from 'vitest';
import {
  type Clock,
  elapsed,
  markEvaluation,
  markPause,
  markResume,
  markStep,
  remaining,
  stoppedClock,
} from '../../src/store/clock.ts';

const started: Clock = { ...stoppedClock, startedAt: 0 };

describe('elapsed', () => {
  it('leaves pauses out', () => {
    const resumed = markResume(markPause(started, 2000), 10_000);
    expect(elapsed(markPause(started, 2000), 9000)).toBe(2000);
    expect(elapsed(resumed, 11_000)).toBe(3000);
  });

  it('stands still once the run has ended', () => {
    expect(elapsed({ ...started, endedAt: 5000 }, 90_000)).toBe(5000);
    expect(elapsed(stoppedClock, 90_000)).toBe(0);
  });
});

/** Steps of `pace` milliseconds each, with an evaluation of `judging` after every tenth; gives each remaining time and the truth. */
function simulate(total: number, pace: (step: number) => number, judging: number) {
  let clock = started;
  let now = 0;
  const seen: { step: number; left: number | null; at: number }[] = [];
  for (let step = 1; step <= total; step++) {
    now += pace(step);
    clock = markStep(clock, step, now);
    seen.push({ step, left: remaining(clock, total, 10, now), at: now });
    if (step % 10 && step < total) continue;
    seen.push({ step, left: remaining(clock, total, 10, now + judging / 2), at: now + judging / 2 });
    now += judging;
    clock = markEvaluation(clock, step, judging / 1000, now);
  }
  return seen.map(({ step, left, at }) => ({ step, left, truth: now - at }));
}

describe('remaining', () => {
  it('has no answer before there is a pace', () => {
    expect(remaining(started, 10, 10, 1000)).toBeNull();
    expect(remaining(markStep(markStep(started, 1, 100), 2, 200), 10, 10, 300)).toBeNull();
  });

  it('goes by the pace since the first step, whose compilation does not count', () => {
    let clock = markStep(started, 1, 30_000); // a slow first step
    for (let step = 2; step <= 5; step++) clock = markStep(clock, step, 30_000 + (step - 1) * 1000);
    expect(remaining(clock, 10, 10, 34_000)).toBe(5000);
    expect(remaining(clock, 10, 10, 34_400)).toBe(4600);
  });

  it('is not moved by a pause', () => {
    let clock = started;
    for (let step = 1; step <= 5; step++) clock = markStep(clock, step, step * 1000);
    clock = markResume(markPause(clock, 5000), 65_000);
    expect(remaining(clock, 10, 10, 65_000)).toBe(5000);
    expect(remaining(markStep(clock, 6, 66_000), 10, 10, 66_000)).toBe(4000);
  });

  it('knows of the evaluations still to come, and stands on the truth once it has seen one', () => {
    for (const { step, left, truth } of simulate(95, () => 200, 5000)) {
      if (step > 10) expect(left).toBeCloseTo(truth, 6);
    }
  });

  it('settles: slow first steps are forgotten by the time twice as many are done', () => {
    const seen = simulate(400, (step) => (step <= 20 ? 2000 : 200), 1000);
    for (const { step, left, truth } of seen) if (step >= 72) expect(Math.abs(left! - truth)).toBeLessThan(1);
    const before = seen.find(({ step }) => step === 21)!;
    expect(before.left! / before.truth).toBeGreaterThan(2);
  });
});
