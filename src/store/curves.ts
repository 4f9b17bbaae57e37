/**
 * Everything a run has recorded of its steps: one growing array a figure, all of one length. A curve is a view on its
 * record that ends at `length`; adding a step writes behind that end and gives a new view, so that nothing is copied and
 * whoever holds an earlier view still sees what it saw (as slices of Go do).
 */
import type { StepMetrics } from '../contract/run.ts';

export const curveNames = [
  'train/loss',
  'train/learning_rate',
  'train/grad_norm',
  'speed/tokens_per_second',
] as const satisfies readonly (keyof StepMetrics)[];

export type CurveName = (typeof curveNames)[number];

/** The arrays, with room for more than they hold; `used` is the end of the longest view on them. */
type CurveRecord = { used: number; steps: Float64Array; values: Record<CurveName, Float64Array> };

/** Plain data: it can be cloned into a database as it is. */
export type Curves = {
  /** Steps recorded; grows with every step. */
  readonly length: number;
  readonly record: CurveRecord;
};

const firstCapacity = 256;

export const noCurves: Curves = { length: 0, record: newRecord(0) };

function newRecord(capacity: number): CurveRecord {
  const column = () => new Float64Array(capacity);
  return {
    used: 0,
    steps: column(),
    values: {
      'train/loss': column(),
      'train/learning_rate': column(),
      'train/grad_norm': column(),
      'speed/tokens_per_second': column(),
    },
  };
}

/**
 * The curves with one more step, in O(1) on average. A step that is not after the last one (a run that went back to a
 * checkpoint) takes the place of all from it on.
 */
export function appendStep(curves: Curves, step: number, metrics: Record<CurveName, number>): Curves {
  const length = indexFrom(curves, step);
  const { record } = curves;
  // Another view holds what comes next, or there is no room: go on in arrays of one's own.
  const own = record.used === length && length < record.steps.length ? record : copyRecord(record, length);
  own.steps[length] = step;
  for (const name of curveNames) own.values[name][length] = metrics[name];
  own.used = length + 1;
  return { length: length + 1, record: own };
}

function copyRecord(record: CurveRecord, length: number): CurveRecord {
  const copy = newRecord(Math.max(firstCapacity, 2 * length));
  copy.steps.set(record.steps.subarray(0, length));
  for (const name of curveNames) copy.values[name].set(record.values[name].subarray(0, length));
  return copy;
}

/** The step at an index below `length`. */
export function stepAt({ record }: Curves, index: number): number {
  return record.steps[index]!;
}

/** The recorded value at an index below `length`. */
export function valueAt({ record }: Curves, name: CurveName, index: number): number {
  return record.values[name][index]!;
}

/** The last step recorded; 0 before the first. */
export function lastStep(curves: Curves): number {
  return curves.length === 0 ? 0 : stepAt(curves, curves.length - 1);
}

/** The index of the first step at or after `step`; `length` where there is none. Binary search. */
export function indexFrom({ length, record: { steps } }: Curves, step: number): number {
  if (length === 0 || steps[length - 1]! < step) return length;
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the recorded step that lies nearest; −1 where nothing is recorded. */
export function indexNear(curves: Curves, step: number): number {
  const after = Math.min(indexFrom(curves, step), curves.length - 1);
  return after > 0 && step - stepAt(curves, after - 1) < stepAt(curves, after) - step ? after - 1 : after;
}
