/** What to do where a run did not fit in memory, found by predicting what other choices would take. */
import { options as catalogue } from './catalogue.ts';
import { type BatchSizes, type Device, type MemoryOptions, type ModelSizes, predictMemory } from './memory.ts';
import { objectives } from './objectives.ts';
import type { Text } from './problems.ts';

/** What ran out: the batch, and where. */
export type Overrun = { model: ModelSizes; options: MemoryOptions; batch: BatchSizes; device: Device };

/** A change that fits, each alone; null where none does. */
export type Fitting = {
  batchSize: number | null;
  /** For Cached MNRL with the same batch. */
  miniBatchSize: number | null;
  recompute: boolean;
};

/** The batch as it would be with so many rows at each position. */
const resized = (batch: BatchSizes, size: number): BatchSizes => ({
  ...batch,
  size,
  tokens: Math.ceil((batch.tokens * size) / batch.size),
});

/** The largest number from `least` to `most` that passes, where all below one that passes do, too; null where none does. */
function largest(least: number, most: number, passes: (value: number) => boolean): number | null {
  if (most < least || !passes(least)) return null;
  let [good, bad] = [least, most + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (passes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/**
 * @param reached bytes that a step took before, when all went well; null where none did. Then what fits is guessed: half
 *   of what the activations would have taken.
 */
export function fitMemory({ model, options, batch, device }: Overrun, reached: number | null): Fitting {
  const needed = predictMemory(model, options, batch, device);
  const limit = Math.min(reached ?? Number.POSITIVE_INFINITY, needed.total - needed.activations / 2);
  const fits = (changes: Partial<MemoryOptions>, other = batch) =>
    predictMemory(model, { ...options, ...changes }, other, device).total <= limit;
  const cached = (miniBatchSize: number) => fits({ objective: 'cached-mnrl', miniBatchSize });
  const rows = Math.min(catalogue.miniBatchSize.max, batch.size * batch.positions - 1);
  return {
    batchSize: largest(catalogue.batchSize.min, batch.size - 1, (size) => fits({}, resized(batch, size))),
    miniBatchSize: options.objective === 'mnrl' ? largest(catalogue.miniBatchSize.min, rows, cached) : null,
    recompute: options.recompute === 'no' && fits({ recompute: 'yes' }),
  };
}

/** The same as a sentence or several. */
export function adviseOnMemory(overrun: Overrun, reached: number | null): Text {
  const { batchSize, miniBatchSize, recompute } = fitMemory(overrun, reached);
  const cached = objectives['cached-mnrl'].label;
  const { recompute: option, miniBatchSize: mini } = catalogue;
  const advice: Text[] = [];
  if (batchSize !== null) {
    advice.push({ en: `A batch size of ${batchSize} should fit.`, zh: `批大小设为 ${batchSize} 应该放得下。` });
  }
  if (miniBatchSize !== null) {
    advice.push({
      en: `“${cached.en}” keeps this batch: set “${mini.label.en}” to ${miniBatchSize} at most.`,
      zh: `改用“${cached.zh}”可保持批大小：把“${mini.label.zh}”设为不超过 ${miniBatchSize}。`,
    });
  }
  if (recompute) {
    advice.push({
      en: `This batch should fit with “${option.label.en}”.`,
      zh: `开启“${option.label.zh}”也可保持批大小。`,
    });
  }
  if (advice.length === 0) {
    advice.push({
      en: 'Choose a smaller maximum length or a smaller model.',
      zh: '请减小最大长度，或选择更小的模型。',
    });
  }
  return { en: advice.map(({ en }) => en).join(' '), zh: advice.map(({ zh }) => zh).join('') };
}
