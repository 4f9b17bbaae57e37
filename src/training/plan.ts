/** What a run will do, fixed before it starts: the batches of every epoch, and how many steps they are. */
import type { RunConfig } from '../contract/catalogue.ts';
import { planEpoch } from '../data/sampler.ts';
import { objectives } from '../losses/index.ts';

export type TrainingPlan = {
  stepsPerEpoch: number;
  totalSteps: number;
  warmupSteps: number;
  /** The batches of an epoch (0, 1, …): numbers of the examples. */
  batches: (epoch: number) => Int32Array[];
};

/** Examples over all epochs up to which counting every epoch's batches is quick enough to do while options are changed. */
const quicklyCounted = 100_000;

/**
 * The number of steps can differ a little between epochs, because no batch holds the same sentence twice.
 * @param examples the texts of each example
 * @param exact count every epoch, as a run needs it for its schedule; otherwise large data is taken to be like its first epoch
 */
export function planTraining(examples: readonly string[][], config: RunConfig, exact: boolean): TrainingPlan {
  const distinct = objectives[config.objective].distinctTexts;
  const batches = (epoch: number) => planEpoch(examples, config.batchSize, config.seed, epoch, distinct);
  const stepsPerEpoch = batches(0).length;
  const counted = exact || examples.length * config.epochs <= quicklyCounted;
  let totalSteps = stepsPerEpoch;
  for (let epoch = 1; epoch < config.epochs; epoch++) totalSteps += counted ? batches(epoch).length : stepsPerEpoch;
  return { stepsPerEpoch, totalSteps, warmupSteps: Math.ceil(totalSteps * config.warmupShare), batches };
}
