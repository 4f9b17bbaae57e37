/** How long the training sentences are in tokens, from an even sample of them. */
import type { DataPlan } from '../contract/data.ts';
import type { Tokenizer } from '../data/tokenizer.ts';

const sampleSize = 2000;
const width = 4;
const longestMeasured = 512;

export function measureLengths(
  examples: readonly string[][],
  tokenizer: Tokenizer | null,
  maxLength: number,
): DataPlan['lengths'] {
  const sentences = examples.length * (examples[0]?.length ?? 0);
  const stride = Math.max(1, Math.ceil(sentences / sampleSize));
  const sample = tokenizer ? examples.filter((_, i) => i % stride === 0).flat() : [];
  const lengths = sample.map((text) => tokenizer!.encode(text, longestMeasured).ids.length).sort((a, b) => a - b);
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
