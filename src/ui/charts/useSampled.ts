/**
 * A part of the studio, looked at every `interval` milliseconds. A fast run changes the store ten times a second;
 * each chart looks on a beat of its own, so that no two of them draw in the same task.
 */
import { useEffect, useRef, useState } from 'react';
import type { Studio } from '../../store/state.ts';
import { store } from '../session.ts';

export function useSampled<T>(select: (state: Studio) => T, interval: number): T {
  const [value, setValue] = useState(() => select(store.getState()));
  // Kept aside, so that a new function at each drawing does not start the beat again.
  const latest = useRef(select);
  latest.current = select;
  useEffect(() => {
    const timer = setInterval(() => setValue(() => latest.current(store.getState())), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return value;
}
