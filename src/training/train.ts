/**
 * A run as a sequence of events: evaluation of the untrained model, then steps with evaluations between them, then a
 * last evaluation. Whoever reads the events sets the pace: not asking for the next one is a pause.
 */
import type { RunConfig } from '../contract/catalogue.ts';
import { fail } from '../contract/problems.ts';
import type { EvaluationReport, RunEvent } from '../contract/run.ts';
import { createBreather } from '../data/next-task.ts';
import { padBatch } from '../data/token-batch.ts';
import { evaluatePairs, type JudgedPairs } from '../evaluation/similarity-report.ts';
import { objectives } from '../losses/index.ts';
import type { Model } from '../model/model.ts';
import { createAdamW, disposeAdamW } from '../optimizer/adamw.ts';
import { linearSchedule } from '../optimizer/schedule.ts';
import { type FaultReader, requireDevice } from './device.ts';
import { measureStep } from './metrics.ts';
import { planTraining } from './plan.ts';
import { type StepBatch, trainStep } from './step.ts';

export type TrainingRun = {
  runId: string;
  /** Trained in place. */
  model: Model;
  config: RunConfig;
  /** The texts of each training example; its first is the anchor. */
  examples: readonly string[][];
  /** Token ids of a text. */
  tokenize: (text: string) => Int32Array;
  evaluation: JudgedPairs;
  /** Ends the run after the step in progress, with a last evaluation. */
  stop: AbortSignal;
  fault: FaultReader;
};

/** The token rows of a batch: all texts of the first position, then all of the second … */
function collate(run: TrainingRun, numbers: Int32Array): StepBatch {
  const inputs = Array.from(numbers, (n) => objectives[run.config.objective].inputs(run.examples[n]!));
  const positions = inputs[0]!.map((_, position) => inputs.map((texts) => run.tokenize(texts[position]!)));
  return { tokens: padBatch(positions.flat()), size: numbers.length };
}

type Best = { step: number; value: number } | null;

function better(best: Best, step: number, { metrics, primary }: EvaluationReport): Best {
  const value = metrics[primary];
  return value !== null && (best === null || value > best.value) ? { step, value } : best;
}

/**
 * Trains. The same seed on the same device gives the same losses.
 * @throws ProblemError when the loss is not finite (the weights are then those of the step before) or the device fails
 */
export async function* train(run: TrainingRun): AsyncGenerator<RunEvent, void, void> {
  const { runId, model, config } = run;
  const plan = planTraining(run.examples, config, true);
  const optimizer = createAdamW();
  const breathe = createBreather();
  let step = 0;
  let seconds = 0;
  let best: Best = null;

  const evaluate = async () => {
    const start = performance.now();
    const report = await evaluatePairs(model, run.evaluation, config.pooling);
    requireDevice(run.fault, step, config.batchSize);
    const took = (performance.now() - start) / 1000;
    seconds += took;
    best = better(best, step, report);
    return { runId, step, type: 'evaluation', report, seconds: took } as const;
  };

  try {
    yield {
      runId,
      step,
      type: 'started',
      config,
      totalSteps: plan.totalSteps,
      stepsPerEpoch: plan.stepsPerEpoch,
      trainExamples: run.examples.length,
      evaluationPairs: run.evaluation.gold.length,
    };
    const first = await evaluate();
    yield first;
    let last = first.report;
    let evaluatedAt = 0;

    training: for (let epoch = 0; epoch < config.epochs; epoch++) {
      for (const numbers of plan.batches(epoch)) {
        if (run.stop.aborted) break training;
        const start = performance.now();
        step++;
        const batch = collate(run, numbers);
        const learningRate = config.learningRate * linearSchedule(step, plan.warmupSteps, plan.totalSteps);
        const result = await trainStep(model, optimizer, batch, config, { step, learningRate });
        requireDevice(run.fault, step, config.batchSize);
        if (!Number.isFinite(result.loss) || !Number.isFinite(result.gradNorm)) {
          const infiniteGradient = { en: 'so steep that its gradient is infinite', zh: '梯度无穷大的值' };
          const value = Number.isFinite(result.loss) ? infiniteGradient : String(result.loss);
          fail('loss-not-finite', { step, value, learningRate: config.learningRate });
        }
        const took = (performance.now() - start) / 1000;
        seconds += took;
        yield { runId, step, type: 'step', epoch, metrics: measureStep(result, batch, learningRate, took) };
        await breathe();
        if (step % config.evaluateEvery === 0 && !run.stop.aborted) {
          const evaluation = await evaluate();
          yield evaluation;
          last = evaluation.report;
          evaluatedAt = step;
        }
      }
    }
    if (evaluatedAt < step) {
      const evaluation = await evaluate();
      yield evaluation;
      last = evaluation.report;
    }
    const reason = step < plan.totalSteps ? 'stopped' : 'completed';
    yield { runId, step, type: 'finished', reason, seconds, before: first.report, after: last, best };
  } finally {
    disposeAdamW(optimizer);
  }
}
