/** What a run will do, fixed before it starts: the batches of every step of every epoch, and how many steps they are. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { TrainingExamples } from '../data/example-columns.ts';
import { planEpoch } from '../data/sampler.ts';
import { objectives } from '../losses/index.ts';

export type TrainingPlan = {
  stepsPerEpoch: number;
  totalSteps: number;
  warmupSteps: number;
  /** The steps of an epoch (0, 1, …), each the batches whose gradients it adds up: numbers of the examples. */
  steps: (epoch: number) => Int32Array[][];
};

/** Examples over all epochs up to which counting every epoch's batches is quick enough to do while options are changed. */
const quicklyCounted = 100_000;

function group<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/**
 * The number of steps can differ a little between epochs, because for some objectives no batch holds the same sentence twice.
 * @param exact count every epoch, as a run needs it for its schedule; otherwise large data is taken to be like its first epoch
 */
export function planTraining(examples: TrainingExamples, config: RunConfig, exact: boolean): TrainingPlan {
  const { objective, batchSize, seed, epochs, accumulation } = config;
  const distinct = objective !== 'cross-encoder' && objectives[objective].distinctTexts;
  const steps = (epoch: number) => group(planEpoch(examples, batchSize, seed, epoch, distinct), accumulation);
  const stepsPerEpoch = steps(0).length;
  const counted = exact || examples.count * epochs <= quicklyCounted;
  let totalSteps = stepsPerEpoch;
  for (let epoch = 1; epoch < epochs; epoch++) totalSteps += counted ? steps(epoch).length : stepsPerEpoch;
  const warmupSteps = config.warmupSteps > 0 ? config.warmupSteps : Math.ceil(totalSteps * config.warmupShare);
  return { stepsPerEpoch, totalSteps, warmupSteps: Math.min(warmupSteps, totalSteps), steps };
}
