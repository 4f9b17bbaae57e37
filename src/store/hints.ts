/**
 * What a run's curves say of it, for one who has not seen many: a loss that stands still or runs away, embeddings that
 * collapse, an evaluation that falls while the loss does, gradients that are always cut. A watch folds in the run's
 * events in constant memory; hints are read from it. What holds for good runs, too, is no hint: their gradients are cut at
 * most steps (norms of 3 to 10 where 1 is allowed), and early evaluations may crowd (mean cosines up to 0.86).
 */
import type { RunConfig } from '../contract/catalogue.ts';
import type { RunEvent } from '../contract/run.ts';
import { bestOf, type Evaluation, primaryOf } from './evaluations.ts';

type Bucket = { count: number; sum: number; squares: number };

export type Watch = {
  config: RunConfig | null;
  totalSteps: number;
  steps: number;
  /** Steps in a full bucket; the loss in at most {@link mostBuckets} of them. */
  width: number;
  buckets: readonly Bucket[];
  /** Steps in a row with a gradient over the limit, and the sum of log(norm ÷ limit) over them. */
  clipped: number;
  excess: number;
};

export type Hint = {
  kind: 'flat' | 'diverging' | 'collapse' | 'overfitting' | 'clipped';
  /** The step of the best evaluation, of overfitting; how many times too long the gradients are, of clipped. */
  value: number;
};

export const unwatched: Watch = {
  config: null,
  totalSteps: 0,
  steps: 0,
  width: 1,
  buckets: [],
  clipped: 0,
  excess: 0,
};

const mostBuckets = 96;

/** Steps that a judgement of the loss needs at least. */
const fewestSteps = 40;

/** A standing loss is told of from this share of the run on: warm-up and heads that are new take their time. */
const flatFrom = 0.5;
const flatChange = 0.05;

/** A loss runs away where it has risen by so much of its first and of its best value. */
const riseOfFirst = 0.1;
const riseOfBest = 0.25;

/** Differences of means below so many standard errors are noise. */
const noise = 4;

const collapsedMean = 0.9;
const collapseFrom = 0.25;

/** How far, and for how many evaluations, quality lies below its best before that is no chance. */
const qualityLoss = 0.015;
const qualityEvaluations = 3;

const clippedSteps = 50;
const clippedTimes = 25;

function mergePairs(buckets: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (let i = 0; i < buckets.length; i += 2) {
    const left = buckets[i] as Bucket;
    const right = buckets[i + 1];
    merged.push(right ? join([left, right]) : left);
  }
  return merged;
}

function join(buckets: readonly Bucket[]): Bucket {
  const all = { count: 0, sum: 0, squares: 0 };
  for (const { count, sum, squares } of buckets) {
    all.count += count;
    all.sum += sum;
    all.squares += squares;
  }
  return all;
}

const meanOf = ({ sum, count }: Bucket): number => sum / count;

/** Squared standard error of a bucket's mean. */
function errorOf({ count, sum, squares }: Bucket): number {
  const variance = Math.max(0, squares / count - (sum / count) ** 2);
  return variance / count;
}

/** Whether the means of two buckets differ by more than chance. */
const differ = (one: Bucket, other: Bucket): boolean =>
  Math.abs(meanOf(one) - meanOf(other)) > noise * Math.sqrt(errorOf(one) + errorOf(other));

/** The watch after an event. */
export function watchRun(watch: Watch, event: RunEvent): Watch {
  if (event.type === 'started') return { ...unwatched, config: event.config, totalSteps: event.totalSteps };
  if (event.type !== 'step' || !watch.config) return watch;
  const { 'train/loss': loss, 'train/grad_norm': norm } = event.metrics;
  if (!Number.isFinite(loss)) return watch;
  const over = norm / watch.config.maxGradNorm;
  const clip =
    over > 1 ? { clipped: watch.clipped + 1, excess: watch.excess + Math.log(over) } : { clipped: 0, excess: 0 };
  const next = { ...watch, ...clip, steps: watch.steps + 1 };
  const single = { count: 1, sum: loss, squares: loss * loss };
  const last = watch.buckets.at(-1);
  if (last && last.count < watch.width)
    return { ...next, buckets: [...watch.buckets.slice(0, -1), join([last, single])] };
  const buckets = [...watch.buckets, single];
  if (buckets.length <= mostBuckets) return { ...next, buckets };
  return { ...next, width: watch.width * 2, buckets: mergePairs(buckets) };
}

/** The loss so far in `parts` equal parts. */
function partsOf({ buckets }: Watch, parts: number): Bucket[] {
  const cut = (part: number) => Math.round((part * buckets.length) / parts);
  return Array.from({ length: parts }, (_, part) => join(buckets.slice(cut(part), cut(part + 1))));
}

function isFlat(watch: Watch): boolean {
  const [first, , last] = partsOf(watch, 3) as [Bucket, Bucket, Bucket];
  if (watch.steps < flatFrom * watch.totalSteps) return false;
  const change = Math.abs(meanOf(last) - meanOf(first));
  return change < flatChange * Math.abs(meanOf(first)) && !differ(first, last);
}

function isDiverging(watch: Watch): boolean {
  const parts = partsOf(watch, 8);
  const last = parts.pop() as Bucket;
  const best = parts.reduce((lowest, part) => (meanOf(part) < meanOf(lowest) ? part : lowest));
  const first = parts[0] as Bucket;
  const rise = meanOf(last) - meanOf(best);
  return (
    rise > riseOfFirst * Math.abs(meanOf(first)) && rise > riseOfBest * Math.abs(meanOf(best)) && differ(last, best)
  );
}

/** Random sentences point one way, now and at the evaluation before, and training has not made that better. */
function isCollapsed({ steps, totalSteps }: Watch, evaluations: readonly Evaluation[]): boolean {
  if (steps < collapseFrom * totalSteps) return false;
  const means = evaluations.map(({ report }) => report.metrics['eval/random_mean'] ?? null);
  const [before, now] = [means.at(-2) ?? null, means.at(-1) ?? null];
  const first = means[0] ?? null;
  if (means.length < 3 || first === null || before === null || now === null) return false;
  return before >= collapsedMean && now >= collapsedMean && now > first - 0.02;
}

/** The step of the best evaluation, where quality has been falling since while the loss fell on; else null. */
function overfitSince(watch: Watch, evaluations: readonly Evaluation[]): number | null {
  const best = bestOf(evaluations);
  const bar = best && primaryOf(best);
  if (!best || bar === null || best.step === 0) return null;
  const after = evaluations.filter(({ step }) => step > best.step).slice(-qualityEvaluations);
  const isBelow = after.every((evaluation) => (primaryOf(evaluation) ?? bar) <= bar - qualityLoss);
  if (after.length < qualityEvaluations || !isBelow) return null;
  const at = Math.floor(best.step / watch.width);
  const until = watch.buckets.slice(Math.max(0, at - 8), at);
  const since = watch.buckets.slice(-8);
  if (until.length === 0 || since.length === 0) return null;
  return meanOf(join(since)) < meanOf(join(until)) ? best.step : null;
}

/** What stands out in a run so far, the gravest first; empty where nothing does. */
export function hintsOf(watch: Watch, evaluations: readonly Evaluation[]): Hint[] {
  if (!watch.config || watch.steps < fewestSteps) return [];
  const hints: Hint[] = [];
  const collapsed = isCollapsed(watch, evaluations);
  if (collapsed) hints.push({ kind: 'collapse', value: 0 });
  if (isDiverging(watch)) hints.push({ kind: 'diverging', value: 0 });
  // Collapsed embeddings leave a loss that stands still; the cause is told once.
  else if (!collapsed && isFlat(watch)) hints.push({ kind: 'flat', value: 0 });
  const best = overfitSince(watch, evaluations);
  if (best !== null) hints.push({ kind: 'overfitting', value: best });
  const times = Math.exp(watch.excess / watch.clipped);
  if (watch.clipped >= clippedSteps && times >= clippedTimes) hints.push({ kind: 'clipped', value: times });
  return hints;
}
