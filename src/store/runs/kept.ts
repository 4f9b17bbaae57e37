/** Kept runs as the screen shows runs: curves, evaluations, and how they ended. */
import { curveNames, type RunCurves, type RunDetail, type RunEntry } from '../../contract/runs.ts';
import { stoppedClock } from '../clock.ts';
import type { Curves } from '../curves.ts';
import type { Evaluation } from '../evaluations.ts';
import type { ShownRun } from '../overlays.ts';
import { type Outcome, type RunState, startingRun } from '../run.ts';

/** How many steps were recorded up to and with `step`. */
function countUpTo({ step: steps }: RunCurves, step: number): number {
  const next = steps.findIndex((each) => each > step);
  return next < 0 ? steps.length : next;
}

/** The curves up to and with a step. */
function curvesUpTo(kept: RunCurves, step = Number.POSITIVE_INFINITY): Curves {
  const length = countUpTo(kept, step);
  const values = {
    'train/loss': kept['train/loss'].slice(0, length),
    'train/learning_rate': kept['train/learning_rate'].slice(0, length),
    'train/grad_norm': kept['train/grad_norm'].slice(0, length),
    'speed/tokens_per_second': kept['speed/tokens_per_second'].slice(0, length),
  };
  return { length, record: { used: length, steps: kept.step.slice(0, length), values } };
}

const evaluationsUpTo = ({ evaluations }: RunDetail, step: number): readonly Evaluation[] =>
  evaluations.filter((each) => each.step <= step).map(({ step, report, seconds }) => ({ step, report, seconds }));

/** What a run is called: the name that the user gave it, or its objective and the start of its id. */
export const titleOf = ({ name, config, id }: RunEntry): string => name || `${config.objective}-${id.slice(0, 8)}`;

/** The primary metric of the weights that the run left behind; null where it was never measured. */
export function resultOf({ best, keptStep, latest }: RunEntry): number | null {
  return best && best.step === keptStep ? best.value : latest;
}

/** A run to lay over the charts. */
export function shownRun(detail: RunDetail): ShownRun {
  const { entry, curves } = detail;
  const evaluations = evaluationsUpTo(detail, Number.POSITIVE_INFINITY);
  return { id: entry.id, name: titleOf(entry), curves: curvesUpTo(curves), evaluations, totalSteps: entry.totalSteps };
}

/** The run as it stood at a step: what came after it is left out. */
function runAt(detail: RunDetail, step: number): RunState {
  const { entry, curves } = detail;
  const { id, config, totalSteps, stepsPerEpoch, data } = entry;
  const steps = countUpTo(curves, step);
  const seconds = curves['speed/step_seconds'].slice(0, steps).reduce((sum, each) => sum + each, 0);
  return {
    ...startingRun(id),
    config,
    totalSteps,
    stepsPerEpoch,
    trainExamples: data.trainExamples,
    evaluationPairs: data.evaluationPairs,
    step,
    epoch: curves.epoch[steps - 1] ?? 0,
    savedStep: entry.checkpoint,
    latest: steps > 0 ? Object.fromEntries(curveNames.map((name) => [name, curves[name][steps - 1]])) : null,
    curves: curvesUpTo(curves, step),
    evaluations: evaluationsUpTo(detail, step),
    // The time before the break counts, the break does not.
    clock: { ...stoppedClock, pausedFor: -1000 * seconds },
  };
}

/** A run that goes on from the checkpoint of a step. */
export const continuingRun = (detail: RunDetail, step: number): RunState => ({
  ...runAt(detail, step),
  savedStep: step,
});

/** A run that has ended, as it stood on the screen then. */
export function endedRun(detail: RunDetail): RunState {
  const { entry } = detail;
  const run = runAt(detail, entry.step);
  const [first, last] = [run.evaluations[0], run.evaluations.at(-1)];
  const { status, seconds, best } = entry;
  const keptStep = entry.keptStep ?? entry.step;
  const after = run.evaluations.find(({ step }) => step === keptStep) ?? last;
  const reason = status === 'completed' || status === 'early' ? status : 'stopped';
  const outcome: Outcome | null =
    first && after ? { reason, seconds, before: first.report, after: after.report, best, keptStep } : null;
  const clock = { ...stoppedClock, startedAt: 0, endedAt: 1000 * seconds };
  return { ...run, phase: 'finished', savedStep: null, outcome, clock };
}
