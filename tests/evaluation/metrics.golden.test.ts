/** Spearman and Pearson against scipy, with ties in both lists; the report's histograms and means. */
import { expect, test } from 'vitest';
import { histogramBins } from '../../src/contract/run.ts';
import { pearson, spearman } from '../../src/evaluation/correlation.ts';
import { reportCosines } from '../../src/evaluation/similarity-report.ts';
import { reference } from '../support/golden.ts';

const { pred, gold, ...expected } = reference.metrics;

test('correlations are scipy’s', () => {
  expect(new Set(pred).size).toBeLessThan(pred.length); // ties
  expect(spearman(pred, gold)).toBeCloseTo(expected.spearman, 12);
  expect(pearson(pred, gold)).toBeCloseTo(expected.pearson, 12);
});

test('correlations of constant or too few values are not defined', () => {
  expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
  expect(pearson([1], [2])).toBeNull();
  expect(spearman([], [])).toBeNull();
  expect(spearman([1, Number.NaN, 3], [1, 2, 3])).toBeNull();
  expect(pearson([1, Number.NaN, 3], [1, 2, 3])).toBeNull();
});

test('the report counts upper and lower thirds', () => {
  const report = reportCosines([0.9, 0.8, 0.5, -0.2, -1, 1], [1, 0.7, 0.5, 0.2, 0, 0.9]);
  expect(report.metrics['eval/positive_mean']).toBeCloseTo(0.9, 12);
  expect(report.metrics['eval/negative_mean']).toBeCloseTo(-0.6, 12);
  expect(report.pairs).toBe(6);
  expect(report.positives).toHaveLength(histogramBins);
  expect(report.positives[histogramBins - 1]).toBe(1); // cosine 1 is in the last bin
  expect(report.negatives[0]).toBe(1); // cosine −1 in the first
  expect(report.positives.reduce((a, b) => a + b)).toBe(3);
  expect(report.negatives.reduce((a, b) => a + b)).toBe(2);
});
