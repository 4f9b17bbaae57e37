/** How long the training sentences are in tokens, from an even sample of them. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { DataPlan } from '../contract/data.ts';
import { type TrainingExamples, textsOf } from '../data/example-columns.ts';
import type { Tokenizer } from '../data/tokenizer.ts';

const sampleSize = 2000;
const width = 4;
const longestMeasured = 512;

/** A cross-encoder reads both texts of an example as one row. */
export function measureLengths(
  examples: TrainingExamples,
  tokenizer: Tokenizer | null,
  { objective, maxLength }: Pick<RunConfig, 'objective' | 'maxLength'>,
): DataPlan['lengths'] {
  const packed = objective === 'cross-encoder';
  const perExample = packed ? 1 : examples.width;
  const stride = Math.max(1, Math.ceil((examples.count * perExample) / sampleSize));
  const sampled = tokenizer ? Math.ceil(examples.count / stride) : 0;
  const sample = Array.from({ length: sampled }, (_, i) => textsOf(examples, i * stride));
  const measure = (text: string, partner?: string) => tokenizer!.encode(text, longestMeasured, partner).ids.length;
  const lengths = sample
    .flatMap((texts) => (packed ? measure(texts[0]!, texts[1]) : texts.map((text) => measure(text))))
    .sort((a, b) => a - b);
  const longest = lengths.at(-1) ?? 0;
  const counts = new Array<number>(lengths.length ? Math.floor(longest / width) + 1 : 0).fill(0);
  for (const length of lengths) counts[Math.floor(length / width)]!++;
  const truncated = lengths.filter((length) => length > maxLength).length;
  return {
    width,
    counts,
    sampled: lengths.length,
    median: lengths[Math.floor(lengths.length / 2)] ?? 0,
    longest,
    truncatedShare: lengths.length ? truncated / lengths.length : 0,
  };
}
