/** The runs that the charts draw: the current one, and others laid over it. */

import { type Curves, lastStep } from './curves.ts';
import type { Desk } from './desk.ts';
import type { Evaluation } from './evaluations.ts';
import type { RunState } from './run.ts';

export type ShownRun = {
  id: string;
  name: string;
  curves: Curves;
  evaluations: readonly Evaluation[];
  totalSteps: number;
};

/** What the current run is called in charts and file names: its objective and the start of its id. */
export function runName({ id, config }: RunState): string {
  return [config?.objective, id?.slice(0, 8)].filter(Boolean).join('-');
}

/** The current run, then the overlays. A run is shown once, also where it is the current one and an overlay. */
export function shownRuns(run: RunState, overlays: readonly ShownRun[]): ShownRun[] {
  const { id, curves, evaluations, totalSteps } = run;
  if (id === null) return [...overlays];
  return [{ id, name: runName(run), curves, evaluations, totalSteps }, ...overlays.filter((each) => each.id !== id)];
}

/** The last step that any of the runs has or will have; at least 1. */
export function spanOf(runs: readonly ShownRun[]): number {
  return Math.max(1, ...runs.map(({ totalSteps, curves }) => Math.max(totalSteps, lastStep(curves))));
}

export function overlayActions({ set }: Desk) {
  return {
    /** Lays a run over the charts; one with the same id gives way to it and keeps its place. */
    showOverlay(run: ShownRun): void {
      set(({ overlays }) => ({
        overlays: overlays.some(({ id }) => id === run.id)
          ? overlays.map((each) => (each.id === run.id ? run : each))
          : [...overlays, run],
      }));
    },
    hideOverlay: (id: string): void => set(({ overlays }) => ({ overlays: overlays.filter((each) => each.id !== id) })),
    clearOverlays: (): void => set({ overlays: [] }),
  };
}
