/** Numbers and times as they are written. */
import { expect, it } from 'vitest';
import { clockTime, fixed, formatIn, scientific } from '../../src/ui/format.ts';

it('writes durations, also over the full minute', () => {
  const { duration } = formatIn('en');
  expect([4.25, 59.4, 119.8, 130.4, 3725].map(duration)).toEqual([
    '4.3 sec',
    '59 sec',
    '2 min',
    '2 min 10 sec',
    '1 hr 2 min',
  ]);
  expect(formatIn('zh').duration(130.4)).toBe('2分钟 10秒');
});

it('writes the clock', () => {
  expect([0, 59_600, 187_000, 3_787_000].map(clockTime)).toEqual(['0:00', '1:00', '3:07', '1:03:07']);
});

it('writes numbers with a true minus', () => {
  expect(fixed(-0.25, 2)).toBe('−0.25');
  expect(fixed(null, 2)).toBe('–');
  expect(scientific(2e-4)).toBe('2.0e−4');
});
