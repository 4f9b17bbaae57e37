/**
 * How well cosines of sentence pairs follow their gold scores (sentence-transformers' EmbeddingSimilarityEvaluator):
 * Spearman and Pearson, and the distribution of cosines of pairs that mean the same and pairs that do not.
 */
import type { PoolingMode } from '../contract/catalogue.ts';
import { type EvaluationReport, type Histogram, histogramBins } from '../contract/run.ts';
import type { Model } from '../model/model.ts';
import { pearson, spearman } from './correlation.ts';
import { embedSentences } from './embed.ts';

/** Pairs to judge by: token ids, and the gold similarity 0 … 1. */
export type JudgedPairs = { first: Int32Array[]; second: Int32Array[]; gold: ArrayLike<number> };

/** Gold from here up is a positive pair; up to 1 minus this, a negative one. */
const upperThird = 2 / 3;

function histogram(cosines: readonly number[]): Histogram {
  const counts = new Array<number>(histogramBins).fill(0);
  for (const cosine of cosines) {
    const bin = Math.floor(((cosine + 1) / 2) * histogramBins);
    counts[Math.max(0, Math.min(histogramBins - 1, bin))]!++;
  }
  return counts;
}

const mean = (values: readonly number[]) =>
  values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;

/** Report on cosines whose gold is known; both lists have one entry a pair. */
export function reportCosines(cosines: ArrayLike<number>, gold: ArrayLike<number>): EvaluationReport {
  const all = Array.from(cosines);
  const positives = all.filter((_, i) => gold[i]! >= upperThird);
  const negatives = all.filter((_, i) => gold[i]! <= 1 - upperThird);
  return {
    primary: 'eval/spearman_cosine',
    greaterIsBetter: true,
    metrics: {
      'eval/spearman_cosine': spearman(cosines, gold),
      'eval/pearson_cosine': pearson(cosines, gold),
      'eval/positive_mean': mean(positives),
      'eval/negative_mean': mean(negatives),
    },
    pairs: all.length,
    positives: histogram(positives),
    negatives: histogram(negatives),
  };
}

/** Embeds the pairs and reports on their cosines. Sentences that occur more than once are embedded once. */
export async function evaluatePairs(model: Model, pairs: JudgedPairs, pooling: PoolingMode): Promise<EvaluationReport> {
  const distinct = [...new Set([...pairs.first, ...pairs.second])];
  const embeddings = await embedSentences(model, distinct, pooling);
  const hidden = model.config.hidden_size;
  const startOf = new Map(distinct.map((tokens, i) => [tokens, i * hidden]));
  const cosines = pairs.first.map((tokens, i) => {
    const a = startOf.get(tokens)!;
    const b = startOf.get(pairs.second[i]!)!;
    let dot = 0;
    for (let j = 0; j < hidden; j++) dot += embeddings[a + j]! * embeddings[b + j]!;
    return dot;
  });
  return reportCosines(cosines, pairs.gold);
}
