/** A kept run as CSV (RFC 4180): a row a step with what was recorded of it, and the evaluation that followed it. */
import { curveNames, type RunDetail } from '../../contract/runs.ts';
import { metricsOf } from '../evaluations.ts';

export function runCsv({ curves, evaluations }: RunDetail): string {
  const metrics = metricsOf(evaluations);
  const judged = new Map(evaluations.map((evaluation) => [evaluation.step, evaluation.report.metrics]));
  const rowOf = new Map([...curves.step].map((step, row) => [step, row]));
  const steps = [...new Set([...judged.keys(), ...curves.step])].sort((a, b) => a - b);
  const rows = steps.map((step) => {
    const row = rowOf.get(step);
    const recorded = (['epoch', ...curveNames] as const).map((name) => (row === undefined ? '' : curves[name][row]));
    return [step, ...recorded, ...metrics.map((name) => judged.get(step)?.[name] ?? '')].join(',');
  });
  return [['step', 'epoch', ...curveNames, ...metrics].join(','), ...rows, ''].join('\r\n');
}
