import { describe, expect, test } from 'vitest';
import type { DataPlan, TableSummary } from '../../src/contract/data.ts';
import type { BackendInfo } from '../../src/contract/run.ts';
import { largestBatch, memoryNeed } from '../../src/store/memory.ts';
import { freshStudio, type Studio } from '../../src/store/state.ts';

const lengths: DataPlan['lengths'] = {
  width: 4,
  counts: [0, 100, 200, 100, 0, 10],
  sampled: 410,
  median: 9,
  longest: 22,
  truncatedShare: 0,
};

const sizes = { layers: 2, hidden: 128, intermediate: 512, heads: 2, vocabulary: 30522, positions: 512, types: 2 };

const studio: Studio = {
  ...freshStudio,
  engine: { phase: 'ready', info: { name: 'webgpu', software: false } as BackendInfo, problem: null },
  plan: { lengths, trainExamples: 1000, totalSteps: 96 } as DataPlan,
  model: {
    phase: 'ready',
    source: null,
    trainedBy: null,
    summary: {
      name: 'tiny',
      parameters: 4_386_178,
      layers: 2,
      hidden: 128,
      heads: 2,
      vocabulary: 30522,
      maxPositions: 512,
      sizes: { ...sizes, halvable: true, pooler: true },
      pooling: null,
      normalize: null,
      maxLength: null,
      labels: null,
    },
  },
  slots: {
    ...freshStudio.slots,
    train: { ...freshStudio.slots.train, table: { facts: { negatives: 0 } } as TableSummary },
  },
};

const withDrafts = (drafts: Partial<Studio['drafts']>, others: Partial<Studio> = {}) =>
  memoryNeed({ ...studio, ...others, drafts: { ...studio.drafts, ...drafts } })!;

describe('the largest batch', () => {
  test('lies above the mean of its rows and below as many of the longest', () => {
    const few = largestBatch(lengths, { size: 32, positions: 2, maxLength: 64, steps: 2 });
    const many = largestBatch(lengths, { size: 32, positions: 2, maxLength: 64, steps: 10_000 });
    expect(few.tokens).toBeGreaterThan(64 * 9);
    expect(many.tokens).toBeGreaterThan(few.tokens);
    expect(many.tokens).toBeLessThan(64 * 22);
  });

  test('covers nearly all batches that chance draws', () => {
    const pool = lengths.counts.flatMap((count, bin) => Array<number>(count).fill(Math.min(22, 4 * bin + 1.5)));
    let seed = 7;
    const draw = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return pool[(seed >> 8) % pool.length]!;
    };
    const steps = 200;
    const totals = Array.from({ length: steps }, () => Array.from({ length: 64 }, draw).reduce((a, b) => a + b, 0));
    const { tokens } = largestBatch(lengths, { size: 32, positions: 2, maxLength: 64, steps });
    const most = Math.max(...totals);
    expect(tokens / most).toBeGreaterThan(0.95);
    expect(tokens / most).toBeLessThan(1.05);
  });

  test('is cut at the maximum length', () => {
    const { tokens, longest } = largestBatch(lengths, { size: 8, positions: 2, maxLength: 6, steps: 100 });
    expect(longest).toBe(6);
    expect(tokens).toBeLessThanOrEqual(6 * 16);
  });
});

describe('what a run needs', () => {
  test('follows the options', () => {
    const usual = withDrafts({});
    expect(usual.weights / 1e6).toBeCloseTo(17.6, 0);
    expect(withDrafts({ batchSize: '128' }).activations).toBeGreaterThan(2.5 * usual.activations);
    expect(withDrafts({ maxLength: '6' }).activations).toBeLessThan(usual.activations);
    expect(withDrafts({ recompute: 'yes' }).activations).toBeLessThan(usual.activations);
    expect(withDrafts({ optimizer: 'sgd' }).optimizer).toBeLessThan(0.6 * usual.optimizer);
    // A batch cannot hold more than there is.
    expect(withDrafts({ batchSize: '2000' })).toEqual(withDrafts({ batchSize: '1000' }));
  });

  test('counts hard negatives', () => {
    const train = { ...studio.slots.train, table: { facts: { negatives: 2 } } as TableSummary };
    const more = withDrafts({}, { slots: { ...studio.slots, train } });
    expect(more.activations).toBeGreaterThan(1.5 * withDrafts({}).activations);
  });

  test('is not known without data, model or a device, nor while an option is wrong', () => {
    expect(memoryNeed(studio)).not.toBeNull();
    expect(memoryNeed({ ...studio, plan: null })).toBeNull();
    expect(memoryNeed({ ...studio, model: freshStudio.model })).toBeNull();
    expect(memoryNeed({ ...studio, engine: freshStudio.engine })).toBeNull();
    expect(memoryNeed({ ...studio, drafts: { ...studio.drafts, batchSize: 'many' } })).toBeNull();
  });
});
