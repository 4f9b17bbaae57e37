/** What a run would take of memory, from the options, the model and the lengths of the data. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { DataFacts, DataPlan } from '../contract/data.ts';
import { type BatchSizes, type MemoryNeed, predictMemory } from '../contract/memory.ts';
import { objectiveOf } from '../contract/objectives.ts';
import { configOf } from './options.ts';
import type { Studio } from './state.ts';

/** Texts of an example that go through the model one by one. */
function textsOf(objective: RunConfig['objective'], { negatives }: DataFacts): number {
  if (objective === 'cross-encoder') return 1;
  const { material } = objectiveOf(objective);
  if (material === 'triplets') return 3;
  return material === 'pairs' ? 2 + negatives : 2;
}

/**
 * The batch with the most tokens that is to be expected of so many steps: batches are drawn by chance, so their tokens
 * are nearly normally distributed, and the largest of n lies about √(2 ln n) deviations above their mean.
 */
export function largestBatch(
  { counts, width, longest }: DataPlan['lengths'],
  { size, positions, maxLength, steps }: { size: number; positions: number; maxLength: number; steps: number },
): BatchSizes {
  const cut = Math.min(longest, maxLength);
  const lengthOf = (bin: number) => Math.min(cut, bin * width + (width - 1) / 2);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const meanOf = (value: (length: number) => number) =>
    counts.reduce((sum, count, bin) => sum + count * value(lengthOf(bin)), 0) / all;
  const mean = meanOf((length) => length);
  const deviation = Math.sqrt(meanOf((length) => (length - mean) ** 2));
  const rows = size * positions;
  const tokens = mean * rows + Math.sqrt(2 * Math.log(Math.max(2, steps))) * deviation * Math.sqrt(rows);
  return { size, positions, tokens: Math.ceil(Math.min(tokens, cut * rows)), longest: cut };
}

/** Null while data, model or options do not say. */
export function memoryNeed({ plan, model, drafts, engine, slots }: Studio): MemoryNeed | null {
  const { summary } = model;
  const facts = slots.train.table?.facts;
  const config = configOf(drafts, summary);
  if (!plan || !summary || !facts || !config || !engine.info || plan.lengths.sampled === 0) return null;
  const { objective, batchSize, maxLength } = config;
  const size = Math.min(batchSize, plan.trainExamples);
  if (size === 0) return null;
  const positions = textsOf(objective, facts);
  const batch = largestBatch(plan.lengths, { size, positions, maxLength, steps: plan.totalSteps });
  return predictMemory(summary.sizes, config, batch, engine.info);
}
