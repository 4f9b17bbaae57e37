/**
 * Charts that change together are drawn one after the other, each in a task of its own behind a frame, so that what the
 * user does next is answered between two of them.
 */
import { useEffect, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import { whenIdle } from '../idle.ts';

let queue = Promise.resolve();

/** Lets input go first, but not for longer than this many milliseconds. */
const longest = 100;

/** Resolves when every earlier caller has had a task to itself. */
export function turn(): Promise<void> {
  queue = queue.then(() => new Promise((resolve) => requestAnimationFrame(() => whenIdle(resolve, longest))));
  return queue;
}

/** The state of a store as it is when the component's turn has come; what changed meanwhile is passed over. */
export function useInTurn<T>(store: StoreApi<T>): T {
  const [shown, setShown] = useState(store.getState);
  useEffect(() => {
    let mounted = true;
    let waits = false;
    const draw = () => {
      if (waits) return;
      waits = true;
      void turn().then(() => {
        waits = false;
        if (mounted) setShown(() => store.getState());
      });
    };
    draw();
    const leave = store.subscribe(draw);
    return () => {
      mounted = false;
      leave();
    };
  }, [store]);
  return shown;
}
