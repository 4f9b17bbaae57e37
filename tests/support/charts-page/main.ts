/** The studio as it is, with a door through which a test hands it runs that were never trained. */
import '../../../src/first.ts';
import { type RunState, reduce, startingRun } from '../../../src/store/run.ts';
import { actions, store } from '../../../src/ui/session.ts';
import { type Synthetic, syntheticEvents, syntheticMetrics } from '../synthetic-run.ts';

function record(run: Synthetic): RunState {
  let state = startingRun(run.runId);
  for (const event of syntheticEvents(run)) state = reduce(state, event, 100 * event.step);
  return state;
}

/** Steps that go on at a hundred a second behind a run that is as long as asked for, as while it is trained. */
function goOn(run: Synthetic): void {
  let step = run.steps;
  setInterval(() => {
    store.setState((state) => {
      let next: RunState = { ...state.run, phase: 'running' };
      for (const end = step + 10; step < end; ) {
        step++;
        const metrics = syntheticMetrics(step, run);
        next = reduce(next, { runId: run.runId, step, type: 'step', epoch: 1, metrics }, 100 * step);
      }
      return { run: next };
    });
  }, 100);
}

const door = {
  goOn,
  /** Makes it the current run, and shows the charts. */
  feed(run: Synthetic): void {
    store.setState({ run: record(run) });
    actions.show('train');
  },
  /** Lays it over the current run. */
  overlay(run: Synthetic, name: string): void {
    const { curves, evaluations, totalSteps } = record(run);
    actions.showOverlay({ id: run.runId, name, curves, evaluations, totalSteps });
  },
};

export type Door = typeof door;

Object.assign(globalThis, { door });
