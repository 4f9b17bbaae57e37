/** Evaluation of a model on pairs: alignment, uniformity and embeddings against PyTorch, and which measures each kind of gold gets. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EvaluationKind } from '../../src/contract/data.ts';
import { type MetricGroup, type MetricName, metrics } from '../../src/contract/metrics.ts';
import { embedSentences } from '../../src/evaluation/embed.ts';
import { evaluateEmbeddings, type JudgedPairs } from '../../src/evaluation/evaluate-embeddings.ts';
import type { Model } from '../../src/model/model.ts';
import { disposeParameters } from '../../src/model/parameters.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { flatten, goldenModel, reference } from '../support/golden.ts';

/** The sentences of the golden texts, without their padding. */
const [texts1, texts2, texts3] = reference.inputs.texts.map(({ ids, mask }) =>
  ids.map((row, i) => Int32Array.from(row.filter((_, j) => mask[i]![j]))),
) as [Int32Array[], Int32Array[], Int32Array[]];
const size = texts1.length;

const options = { pooling: 'mean', normalize: true, metric: 'auto' } as const;

const pairs = (kind: EvaluationKind, gold: number[], more: Partial<JudgedPairs> = {}): JudgedPairs => ({
  first: texts1,
  second: texts2,
  gold,
  kind,
  listed: size,
  negatives: texts1.map(() => []),
  ...more,
});

/** The data's own pairs, then a negative of each: its first sentence with the second of the next pair. */
const positives = (negatives: Int32Array[][]) =>
  pairs('positives', [...texts1.map(() => 1), ...texts1.map(() => 0)], {
    first: [...texts1, ...texts1],
    second: [...texts2, ...texts2.slice(1), texts2[0]!],
    negatives,
  });

const ones: number[] = new Array(size).fill(1);

describe.each(backends)('on %s', (backend) => {
  let model: Model;
  let tensors: number;

  beforeEach(async () => {
    await selectBackend(backend);
    model = await goldenModel();
    tensors = tf.memory().numTensors;
  });
  afterEach(async () => {
    expect(tf.memory().numTensors).toBe(tensors);
    disposeParameters(model.parameters);
    await expectNoFault(backend);
  });

  test('embeddings, as they are and of length 1', async () => {
    const plain = await embedSentences(model, texts1, 'mean', false);
    expect(relativeError(plain, flatten(reference.pooled.mean))).toBeLessThan(1e-4);
    const unit = await embedSentences(model, texts1, 'mean', true);
    const hidden = model.config.hidden_size;
    for (let row = 0; row < size; row++) {
      const length = Math.hypot(...plain.slice(row * hidden, (row + 1) * hidden));
      expect(unit[row * hidden]! * length).toBeCloseTo(plain[row * hidden]!, 4);
      expect(Math.hypot(...unit.slice(row * hidden, (row + 1) * hidden))).toBeCloseTo(1, 5);
    }
  });

  test.each([true, false])('alignment and uniformity, normalised: %s', async (normalize) => {
    const aligned = await evaluateEmbeddings(model, pairs('graded', ones), { ...options, normalize });
    expect(aligned.report.metrics['eval/alignment']).toBeCloseTo(reference.geometry.alignment, 4);
    expect(aligned.report.metrics['eval/positive_mean']).toBeCloseTo(1 - reference.geometry.alignment / 2, 4);
    const nothing = new Array(size).fill(Number.NaN);
    const spread = await evaluateEmbeddings(model, pairs('classes', nothing, { second: texts1 }), {
      ...options,
      normalize,
    });
    expect(spread.report.metrics['eval/uniformity']).toBeCloseTo(reference.geometry.uniformity, 4);
    expect(spread.cosines).toHaveLength(size);
    for (const cosine of spread.cosines) expect(cosine).toBeCloseTo(1, 5);
  });

  test('a search for own seconds finds them all where both sides are the same', async () => {
    // Each sentence is its own second; hard negatives are other sentences, so that all is right by construction.
    const own = positives(texts3.map((sentence) => [sentence, texts2[0]!]));
    const { report } = await evaluateEmbeddings(
      model,
      { ...own, second: [...texts1, ...texts1.slice(1), texts1[0]!] },
      options,
    );
    expect(report.primary).toBe('eval/ndcg_at_10');
    for (const name of ['ndcg_at_10', 'mrr_at_10', 'accuracy_at_1', 'triplet_accuracy', 'average_precision'] as const) {
      expect(report.metrics[`eval/${name}`], name).toBeCloseTo(1, 12);
    }
    expect(report.pairs).toBe(2 * size);
  });
});

describe('each kind of gold', () => {
  const groupsOf = (figures: object) =>
    [...new Set((Object.keys(figures) as MetricName[]).map((name) => metrics[name].group))].sort();
  const graded = texts1.map((_, i) => i / (size - 1));
  const binary = texts1.map((_, i) => i % 2);
  const hard = texts3.map((sentence) => [sentence]);
  const cases: [string, JudgedPairs, MetricGroup[], MetricName][] = [
    ['graded', pairs('graded', graded), ['geometry', 'similarity'], 'eval/spearman_cosine'],
    ['binary', pairs('binary', binary), ['binary', 'geometry', 'similarity'], 'eval/average_precision'],
    [
      'positives',
      positives(texts1.map(() => [])),
      ['binary', 'geometry', 'retrieval', 'similarity'],
      'eval/ndcg_at_10',
    ],
    [
      'positives with hard negatives',
      positives(hard),
      ['binary', 'geometry', 'retrieval', 'similarity', 'triplet'],
      'eval/ndcg_at_10',
    ],
    ['classes', pairs('classes', new Array(size).fill(Number.NaN)), ['geometry'], 'eval/accuracy'],
  ];

  test.each(cases)('%s', async (_, judged, groups, primary) => {
    await selectBackend('wasm');
    const model = await goldenModel();
    const { report, cosines } = await evaluateEmbeddings(model, judged, options);
    expect(groupsOf(report.metrics)).toEqual(groups);
    expect(report.primary).toBe(primary);
    expect(report.pairs).toBe(judged.first.length);
    expect(cosines).toHaveLength(judged.first.length);
    expect(report.distributions === null).toBe(judged.kind === 'classes');
    const undefinedFigures = Object.values(report.metrics).filter((value) => value === null);
    expect(undefinedFigures).toHaveLength(judged.kind === 'classes' ? 3 : 0); // alignment and both means need gold
    const asked = await evaluateEmbeddings(model, judged, { ...options, metric: 'eval/pearson_dot' });
    expect(asked.report.primary).toBe(judged.kind === 'classes' ? 'eval/accuracy' : 'eval/pearson_dot');
    disposeParameters(model.parameters);
  });

  test('dot products are cosines where embeddings are normalised, and only there', async () => {
    await selectBackend('wasm');
    const model = await goldenModel();
    const judged = pairs('graded', graded);
    const unit = (await evaluateEmbeddings(model, judged, options)).report.metrics;
    const plain = (await evaluateEmbeddings(model, judged, { ...options, normalize: false })).report.metrics;
    expect(unit['eval/pearson_dot']).toBeCloseTo(unit['eval/pearson_cosine']!, 4);
    expect(plain['eval/pearson_cosine']).toBeCloseTo(unit['eval/pearson_cosine']!, 4);
    expect(Math.abs(plain['eval/pearson_dot']! - plain['eval/pearson_cosine']!)).toBeGreaterThan(0.01);
    disposeParameters(model.parameters);
  });

  test('triplets are made of positive pairs only', async () => {
    await selectBackend('wasm');
    const model = await goldenModel();
    // A hard negative that is the anchor itself makes a triplet wrong, one that is the second makes a tie: only pair 1 is right.
    const negatives = texts1.map((anchor, i) => (i === 1 ? [texts3[0]!] : [anchor]));
    const own = { second: texts1, negatives };
    const all = await evaluateEmbeddings(model, pairs('graded', ones, own), options);
    expect(all.report.metrics['eval/triplet_accuracy']).toBeCloseTo(1 / size, 12);
    const one = await evaluateEmbeddings(
      model,
      pairs(
        'graded',
        ones.map((_, i) => Number(i === 1)),
        own,
      ),
      options,
    );
    expect(one.report.metrics['eval/triplet_accuracy']).toBe(1);
    const none = await evaluateEmbeddings(
      model,
      pairs(
        'graded',
        graded.map(() => 0.5),
        own,
      ),
      options,
    );
    expect(none.report.metrics).not.toHaveProperty('eval/triplet_accuracy');
    disposeParameters(model.parameters);
  });
});
