/** Steps gather, turning points do not wait. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../src/contract/run.ts';
import { bufferEvents, type StampedEvent } from '../../src/store/eventBuffer.ts';

const step = (n: number) => ({ runId: 'a', step: n, type: 'step' }) as RunEvent;
const paused: RunEvent = { runId: 'a', step: 3, type: 'paused' };

describe('bufferEvents', () => {
  let batches: StampedEvent[][];
  let push: (event: RunEvent) => void;
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    batches = [];
    push = bufferEvents((batch) => batches.push(batch));
  });
  afterEach(() => vi.useRealTimers());

  it('flushes steps at most ten times a second, all of them in order', () => {
    for (let i = 0; i < 600; i++) {
      push(step(i));
      vi.advanceTimersByTime(2);
    }
    vi.advanceTimersByTime(100);
    expect(batches.length).toBeGreaterThanOrEqual(11);
    expect(batches.length).toBeLessThanOrEqual(12);
    expect(batches.flat().map(({ event }) => event.step)).toEqual(Array.from({ length: 600 }, (_, i) => i));
  });

  it('stamps the time of arrival, not that of the flush', () => {
    push(step(1));
    vi.advanceTimersByTime(40);
    push(step(2));
    vi.advanceTimersByTime(60);
    expect(batches[0]?.map(({ at }) => at)).toEqual([0, 40]);
  });

  it('flushes at once at a turning point, with the steps before it, and not again', () => {
    push(step(1));
    push(paused);
    expect(batches.map((batch) => batch.map(({ event }) => event.type))).toEqual([['step', 'paused']]);
    vi.advanceTimersByTime(1000);
    expect(batches).toHaveLength(1);
  });
});
