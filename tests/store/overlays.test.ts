/** Runs laid over the current one. */
import { expect, it } from 'vitest';
import { defaultConfig } from '../../src/contract/catalogue.ts';
import { appendStep, noCurves } from '../../src/store/curves.ts';
import { overlayActions, runName, type ShownRun, shownRuns, spanOf } from '../../src/store/overlays.ts';
import { idleRun } from '../../src/store/run.ts';
import { freshStudio, type Studio } from '../../src/store/state.ts';

const other = (id: string, totalSteps = 10): ShownRun => ({
  id,
  name: `run ${id}`,
  curves: noCurves,
  evaluations: [],
  totalSteps,
});

it('shows, replaces, hides and clears', () => {
  let state: Studio = freshStudio;
  const { showOverlay, hideOverlay, clearOverlays } = overlayActions({
    get: () => state,
    set: (change) => {
      state = { ...state, ...(typeof change === 'function' ? change(state) : change) };
    },
    ask: () => Promise.reject(new Error('not asked here')),
  });
  const ids = () => state.overlays.map(({ id }) => id);
  showOverlay(other('a'));
  showOverlay(other('b'));
  showOverlay(other('a', 99));
  expect(ids()).toEqual(['a', 'b']);
  expect(state.overlays[0]!.totalSteps).toBe(99);
  hideOverlay('a');
  expect(ids()).toEqual(['b']);
  clearOverlays();
  expect(ids()).toEqual([]);
});

it('draws the current run first and once, over the steps of the longest', () => {
  const run = { ...idleRun, id: '0123456789', config: defaultConfig, totalSteps: 40 };
  expect(runName(run)).toBe('mnrl-01234567');
  expect(shownRuns(run, [other('a'), other('0123456789')]).map(({ name }) => name)).toEqual(['mnrl-01234567', 'run a']);
  expect(shownRuns(idleRun, [other('a')]).map(({ id }) => id)).toEqual(['a']);
  expect(spanOf(shownRuns(run, [other('a', 70)]))).toBe(70);
  const metrics = {
    'train/loss': 1,
    'train/learning_rate': 1,
    'train/grad_norm': 1,
    'speed/tokens_per_second': 1,
  };
  expect(spanOf([{ ...other('a', 70), curves: appendStep(noCurves, 90, metrics) }])).toBe(90);
  expect(spanOf([])).toBe(1);
});
