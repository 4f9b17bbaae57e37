/** What is kept of a run beside its weights; the export writes it down. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { BackendName, RunEvent } from '../contract/run.ts';
import type { RunRecord } from '../files/model-card.ts';
import type { PreparedData } from './datasets.ts';

export function recordRun(
  { step, seconds, before, after, best, keptStep }: RunEvent & { type: 'finished' },
  config: RunConfig,
  backend: BackendName,
  { files, examples, plan }: PreparedData,
): RunRecord {
  return {
    config,
    backend,
    data: {
      trainFile: files.train,
      trainExamples: examples.count,
      evaluationFile: files.evaluation,
      evaluationPairs: plan.evaluationPairs,
      leftOut: plan.train.problemCount,
    },
    steps: step,
    keptStep,
    seconds,
    before,
    after,
    best,
  };
}
