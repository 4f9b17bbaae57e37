/** The log of embeddings: the right rows, each sentence once, and never more than it may hold. */
import { describe, expect, test } from 'vitest';
import { createFrameLog, sampleLimit } from '../../../src/worker/map/frames.ts';
import { takeSample } from '../../../src/worker/map/sample.ts';

const pairs = [
  { first: 'a', second: 'b', gold: 0.5 },
  { first: 'b', second: 'c', gold: 1 },
  { first: 'd', second: 'a', gold: 0 },
];

test('a sample has each text once, and ends before it has too many', () => {
  expect(takeSample(pairs, 10)).toEqual({
    texts: ['a', 'b', 'c', 'd'],
    pairs: [
      { first: 0, second: 1, gold: 0.5 },
      { first: 1, second: 2, gold: 1 },
      { first: 3, second: 0, gold: 0 },
    ],
  });
  expect(takeSample(pairs, 3).texts).toEqual(['a', 'b', 'c']);
  expect(takeSample([{ first: 'alone', second: '', gold: null }], 3)).toEqual({
    texts: ['alone'],
    pairs: [{ first: 0, second: 0, gold: null }],
  });
});

describe('a log', () => {
  /** Row i of a side is (i + 1, side): of length 1 it still tells where it comes from. */
  const embeddings = {
    first: Float32Array.from([1, 0, 2, 0, 3, 0]),
    second: Float32Array.from([0, 1, 0, 2, -1, 0]),
  };

  test('keeps the embedding of each text, of length 1', () => {
    const log = createFrameLog(pairs, 2);
    log.take(0, embeddings);
    expect(log.frames()).toEqual([{ step: 0, rows: Float32Array.from([1, 0, 0, 1, 0, 1, 1, 0]) }]);
    log.take(4, null);
    expect(log.frames()).toHaveLength(1);
  });

  test('has one frame a step, keeps the first, and no more than forty', () => {
    const log = createFrameLog(pairs, 2);
    for (let step = 0; step < 200; step++) log.take(step, embeddings);
    log.take(199, embeddings);
    const steps = log.frames().map(({ step }) => step);
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(199);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps.length).toBeLessThanOrEqual(40);
    expect(steps.length).toBeGreaterThan(10);
  });

  test('takes less than 64 MB', () => {
    for (const hidden of [128, 384, 768, 1024]) expect(sampleLimit(hidden) * hidden * 4 * 40).toBeLessThanOrEqual(64e6);
    expect(sampleLimit(128)).toBe(2000);
    expect(sampleLimit(768)).toBeGreaterThan(500);
  });
});
