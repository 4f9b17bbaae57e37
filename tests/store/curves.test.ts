/** Growing records of a run's steps: views on them, returns to an earlier step, and what 100,000 steps take. */
import { describe, expect, it } from 'vitest';
import {
  appendStep,
  type Curves,
  curveNames,
  indexFrom,
  indexNear,
  lastStep,
  noCurves,
  stepAt,
  valueAt,
} from '../../src/store/curves.ts';
import { reduce, startingRun } from '../../src/store/run.ts';
import { syntheticEvents, syntheticMetrics } from '../support/synthetic-run.ts';

const metrics = (value: number) => ({
  'train/loss': value,
  'train/learning_rate': value / 7,
  'train/grad_norm': -value,
  'speed/tokens_per_second': 1000 * value,
});

function fill(steps: readonly number[], from: Curves = noCurves): Curves {
  return steps.reduce((curves, step) => appendStep(curves, step, metrics(step / 3)), from);
}

const stepsOf = (curves: Curves) => Array.from({ length: curves.length }, (_, i) => stepAt(curves, i));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('appendStep', () => {
  it('records every figure of every step, to the last bit', () => {
    const curves = fill(upTo(1000));
    expect(stepsOf(curves)).toEqual(upTo(1000));
    for (const name of curveNames) {
      for (const i of [0, 255, 256, 999]) expect(valueAt(curves, name, i)).toBe(metrics((i + 1) / 3)[name]);
    }
  });

  it('leaves every earlier view as it was, whoever goes on from it', () => {
    const early = fill(upTo(10));
    const one = appendStep(early, 11, metrics(1));
    const other = appendStep(early, 12, metrics(2));
    expect([early, one, other].map(stepsOf)).toEqual([upTo(10), upTo(11), [...upTo(10), 12]]);
    expect(valueAt(one, 'train/loss', 10)).toBe(1);
    expect(valueAt(other, 'train/loss', 10)).toBe(2);
    expect(noCurves.length).toBe(0);
  });

  it('writes over what a run that went back to a checkpoint does again', () => {
    const before = fill(upTo(20));
    const after = appendStep(before, 16, metrics(99));
    expect(stepsOf(after)).toEqual(upTo(16));
    expect(valueAt(after, 'train/loss', 15)).toBe(99);
    expect(stepsOf(before)).toEqual(upTo(20));
  });

  it('survives being cloned into a database', () => {
    const cloned = structuredClone(fill(upTo(300)));
    expect(stepsOf(appendStep(cloned, 301, metrics(1)))).toEqual(upTo(301));
  });
});

it('finds steps, also where some are missing', () => {
  const curves = fill([2, 4, 8, 16]);
  expect([0, 2, 3, 4, 9, 16, 17].map((step) => indexFrom(curves, step))).toEqual([0, 0, 1, 1, 3, 3, 4]);
  expect([0, 2, 5, 7, 11, 13, 99].map((step) => indexNear(curves, step))).toEqual([0, 0, 1, 2, 2, 3, 3]);
  expect(indexNear(noCurves, 5)).toBe(-1);
  expect([lastStep(curves), lastStep(noCurves)]).toEqual([16, 0]);
});

it('takes 100,000 steps through the store in a few megabytes, without copying at each', () => {
  const run = { runId: 'long', steps: 100_000, evaluateEvery: 10_000, shift: 0, early: null };
  let state = startingRun(run.runId);
  const records = new Set<unknown>();
  for (const event of syntheticEvents(run)) {
    state = reduce(state, event, event.step);
    records.add(state.curves.record);
  }
  const { record, length } = state.curves;
  expect(length).toBe(100_000);
  // 256, doubled until it holds them all; and the empty one.
  expect(records.size).toBe(1 + Math.ceil(Math.log2(100_000 / 256)) + 1);
  const bytes = [record.steps, ...Object.values(record.values)].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(bytes).toBeLessThan(6e6);
  for (const step of [1, 50_000, 100_000]) {
    for (const name of curveNames) {
      expect(valueAt(state.curves, name, step - 1)).toBe(syntheticMetrics(step, run)[name]);
    }
  }
});
