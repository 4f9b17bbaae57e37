/** The evaluations of a run, at most {@link mostEvaluations} of them, and the ones that stand out. */
import { type MetricName, metricOf } from '../contract/metrics.ts';
import type { EvaluationReport } from '../contract/run.ts';

export type Evaluation = { step: number; report: EvaluationReport; seconds: number };

export const mostEvaluations = 400;

/** The value of a report's own primary metric; null where the data does not define one. */
export function primaryValue({ metrics, primary }: EvaluationReport): number | null {
  return metrics[primary] ?? null;
}

export const primaryOf = ({ report }: Evaluation): number | null => primaryValue(report);

/** The value of any metric; null where the evaluation does not have it. */
export const metricIn = ({ report }: Evaluation, name: MetricName): number | null => report.metrics[name] ?? null;

/** The metrics that any of the evaluations has a value of, in their order there. */
export function metricsOf(evaluations: readonly Evaluation[]): MetricName[] {
  const names = new Set<MetricName>();
  for (const { report } of evaluations) {
    for (const [name, value] of Object.entries(report.metrics)) if (value !== null) names.add(name as MetricName);
  }
  return [...names];
}

/**
 * The evaluation that is best by its primary metric, or by a named one; null where none has a value, or where more of
 * the named one is neither better nor worse.
 */
export function bestOf(evaluations: readonly Evaluation[], name?: MetricName): Evaluation | null {
  const better = name ? metricOf(name).better : 'greater';
  if (better === null) return null;
  const sign = better === 'greater' ? 1 : -1;
  const judge = (evaluation: Evaluation) => (name ? metricIn(evaluation, name) : primaryOf(evaluation));
  let best: Evaluation | null = null;
  for (const evaluation of evaluations) {
    const value = judge(evaluation);
    const bar = best && judge(best);
    if (value !== null && (bar === null || sign * value > sign * bar)) best = evaluation;
  }
  return best;
}

/** The index of the evaluation whose step lies nearest; −1 where there is none. */
export function indexNearest(evaluations: readonly Evaluation[], step: number): number {
  let nearest = -1;
  for (const [i, evaluation] of evaluations.entries()) {
    if (nearest < 0 || Math.abs(evaluation.step - step) < Math.abs(evaluations[nearest]!.step - step)) nearest = i;
  }
  return nearest;
}

export const nearestTo = (evaluations: readonly Evaluation[], step: number): Evaluation | null =>
  evaluations[indexNearest(evaluations, step)] ?? null;

/** Adds one. A second evaluation of the same step replaces the first; a full list gives up every other one. */
export function addEvaluation(evaluations: readonly Evaluation[], next: Evaluation): readonly Evaluation[] {
  const kept = evaluations.at(-1)?.step === next.step ? evaluations.slice(0, -1) : evaluations;
  if (kept.length < mostEvaluations) return [...kept, next];
  const best = bestOf(kept);
  return [...kept.filter((evaluation, i) => i % 2 === 0 || evaluation === best), next];
}

/** How far apart the two kinds of pairs lie on average; null where one kind is missing. */
export function gapOf({ metrics }: EvaluationReport): number | null {
  const [positive, negative] = [metrics['eval/positive_mean'] ?? null, metrics['eval/negative_mean'] ?? null];
  return positive === null || negative === null ? null : positive - negative;
}
