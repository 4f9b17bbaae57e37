/** A run of any length, made up: what the worker would tell of it, the same in the page and in Node. */
import { defaultConfig } from '../../src/contract/catalogue.ts';
import { type EvaluationReport, histogramBins, type RunEvent, type StepMetrics } from '../../src/contract/run.ts';

export type Synthetic = {
  runId: string;
  steps: number;
  /** Steps between evaluations. */
  evaluateEvery: number;
  /** Moves all values a little, so that two runs differ. */
  shift: number;
  /** The step at which the run stops early; null where it runs to its end. */
  early: number | null;
};

/** Noise in −1 … 1 that depends on its argument alone. Only arithmetic that is the same in every engine, to the last bit. */
function noise(i: number): number {
  let bits = Math.imul(i ^ 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) / 2 ** 31;
}

export function syntheticMetrics(step: number, { steps, shift }: Synthetic): StepMetrics {
  const share = step / steps;
  return {
    'train/loss': 2.4 / (1 + 8 * share) + 0.3 + shift + 0.15 * noise(3 * step) + (step % 997 === 0 ? 1 : 0),
    'train/learning_rate': 2e-4 * Math.min(1, 10 * share) * (1 - share),
    'train/grad_norm': 1.5 + shift + 0.6 * noise(3 * step + 1),
    'speed/sentences_per_second': 300,
    'speed/tokens_per_second': 9000 + 800 * noise(3 * step + 2),
    'speed/step_seconds': 0.1,
    'memory/tensors': 100,
    'memory/bytes': 5e7,
  };
}

function bell(center: number, width: number): number[] {
  return Array.from({ length: histogramBins }, (_, i) => {
    const cosine = (2 * (i + 0.5)) / histogramBins - 1;
    return Math.round(400 * Math.exp(-(((cosine - center) / width) ** 2)));
  });
}

function report(share: number, shift: number): EvaluationReport {
  const quality = 0.62 + 0.25 * (1 - Math.exp(-4 * share)) - 0.08 * Math.max(0, share - 0.7) + shift / 10;
  return {
    primary: 'eval/spearman_cosine',
    metrics: {
      'eval/spearman_cosine': quality,
      'eval/pearson_cosine': quality - 0.02,
      'eval/uniformity': -2 - share,
      'eval/positive_mean': 0.6 + 0.1 * share,
      'eval/negative_mean': 0.5 - 0.3 * share,
    },
    pairs: 1000,
    distributions: { positives: bell(0.6 + 0.1 * share, 0.15), negatives: bell(0.5 - 0.3 * share, 0.2) },
    confusion: null,
  };
}

export function* syntheticEvents(run: Synthetic): Generator<RunEvent> {
  const { runId, steps, evaluateEvery, shift, early } = run;
  const sizes = { stepsPerEpoch: steps, trainExamples: 32 * steps, evaluationPairs: 1000 };
  yield { runId, step: 0, type: 'started', config: defaultConfig, totalSteps: steps, ...sizes };
  const evaluation = (step: number): RunEvent => ({
    runId,
    step,
    type: 'evaluation',
    report: report(step / steps, shift),
    seconds: 1,
  });
  yield evaluation(0);
  const last = early ?? steps;
  for (let step = 1; step <= last; step++) {
    yield { runId, step, type: 'step', epoch: 1, metrics: syntheticMetrics(step, run) };
    if (step % evaluateEvery === 0 || step === last) yield evaluation(step);
  }
  const [before, after] = [report(0, shift), report(last / steps, shift)];
  const reason = early === null ? 'completed' : 'early';
  yield { runId, step: last, type: 'finished', reason, seconds: last / 10, before, after, best: null, keptStep: last };
}
