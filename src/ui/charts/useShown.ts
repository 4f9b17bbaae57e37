/** What the charts of steps draw: the runs, the steps they span, and where the current run was best or ended early. */
import { useMemo } from 'react';
import { bestOf } from '../../store/evaluations.ts';
import { type ShownRun, shownRuns, spanOf } from '../../store/overlays.ts';
import type { Range } from '../../store/range.ts';
import type { RunState } from '../../store/run.ts';
import { store } from '../session.ts';
import { useSampled } from './useSampled.ts';
import { useDrawnLook } from './view.ts';

/** Steps of the current run that stand out; null where there is none. */
export type Marks = { best: number | null; early: number | null };

type Shown = { runs: ShownRun[]; range: Range; zoomed: boolean; smoothing: number; log: boolean; marks: Marks };

/** The current run and those laid over it, looked at every `interval` milliseconds or more; the range is what to draw. */
export function useShown(interval: number): Shown {
  const run = useSampled((state) => state.run, interval * patience(store.getState().run));
  const overlays = useSampled((state) => state.overlays, interval);
  const { range: chosen, smoothing, log } = useDrawnLook();
  const runs = useMemo(() => shownRuns(run, overlays), [run, overlays]);
  const span = spanOf(runs);
  const range = useMemo((): Range => chosen ?? [0, span], [chosen, span]);
  const { best, early } = marksOf(run);
  const marks = useMemo(() => ({ best, early }), [best, early]);
  return { runs, range, zoomed: chosen !== null, smoothing, log, marks };
}

/** The runs as they are now: what is saved must not be a beat behind. */
export function latestRuns(): ShownRun[] {
  const { run, overlays } = store.getState();
  return shownRuns(run, overlays);
}

/** Of a long run, a step is less than a pixel: it is drawn more rarely, up to eight times. */
const patience = ({ curves }: RunState): number => Math.min(8, 1 + Math.floor(curves.length / 5000));

function marksOf({ evaluations, outcome }: RunState): Marks {
  const best = bestOf(evaluations);
  return { best: best?.step ?? null, early: outcome?.reason === 'early' ? (evaluations.at(-1)?.step ?? null) : null };
}
