/** How all charts of the page are looked at: one range of steps, one smoothing, one kind of axis, and one cursor. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Range } from '../../store/range.ts';
import { store } from '../session.ts';
import { useInTurn } from './turns.ts';

type Look = {
  /** The steps shown; null is the whole run, as it grows. */
  range: Range | null;
  /** Weight of the moving average, 0 (none) to {@link mostSmoothing}. */
  smoothing: number;
  /** A logarithmic axis of values, where values are above 0. */
  log: boolean;
};

export const mostSmoothing = 0.99;

export const look = createStore<Look>(() => ({ range: null, smoothing: 0.9, log: false }));

/** The step that every chart reads; apart from the look, as a chart need not be drawn again for it. */
export const cursor = createStore<{ step: number | null }>(() => ({ step: null }));

// A new run is seen whole.
store.subscribe(({ run }, before) => {
  if (run.id === before.run.id) return;
  look.setState({ range: null });
  cursor.setState({ step: null });
});

/** For controls: a part of the look as it is asked for. */
export function useLook<T>(select: (state: Look) => T): T {
  return useStore(look, select);
}

/** For charts: the look when it is the chart's turn to draw it. */
export const useDrawnLook = (): Look => useInTurn(look);

/** The cursor at once, for what is laid over a chart. */
export const useCursor = (): number | null => useStore(cursor, ({ step }) => step);

/** The cursor when it is the chart's turn, for a chart that is drawn by it. */
export const useDrawnCursor = (): number | null => useInTurn(cursor).step;
