import { describe, expect, test } from 'vitest';
import { defaultsFor } from '../../src/contract/catalogue.ts';
import { type Device, type ModelSizes, predictMemory } from '../../src/contract/memory.ts';
import { adviseOnMemory, fitMemory } from '../../src/contract/memory-advice.ts';

const base: ModelSizes = {
  layers: 12,
  hidden: 768,
  intermediate: 3072,
  heads: 12,
  vocabulary: 30522,
  positions: 512,
  types: 2,
  halvable: true,
  pooler: true,
};
const batch = { size: 64, positions: 2, tokens: 64 * 2 * 100, longest: 128 };
const devices: Device[] = [
  { name: 'webgpu', software: false },
  { name: 'wasm', software: false },
];

describe.each(devices)('on $name', (device) => {
  const options = defaultsFor('mnrl');
  const need = (changes: object, size = batch.size) =>
    predictMemory(base, { ...options, ...changes }, { ...batch, size, tokens: Math.ceil(200 * size) }, device).total;

  test('the largest batch that fits in what was reached is found, and no larger one', () => {
    const reached = need({}, 20);
    const { batchSize, miniBatchSize, recompute } = fitMemory({ model: base, options, batch, device }, reached);
    expect(batchSize).toBeGreaterThanOrEqual(20);
    expect(need({}, batchSize!)).toBeLessThanOrEqual(reached);
    expect(need({}, batchSize! + 1)).toBeGreaterThan(reached);
    expect(need({ objective: 'cached-mnrl', miniBatchSize: miniBatchSize! })).toBeLessThanOrEqual(reached);
    expect(need({ objective: 'cached-mnrl', miniBatchSize: miniBatchSize! + 1 })).toBeGreaterThan(reached);
    expect(recompute).toBe(need({ recompute: 'yes' }) <= reached);
    expect(recompute).toBe(true);
  });

  test('mini-batches are for MNRL alone, and recomputation for those that do not recompute', () => {
    const scores = { ...defaultsFor('cosine-similarity'), recompute: 'yes' } as const;
    const { batchSize, miniBatchSize, recompute } = fitMemory({ model: base, options: scores, batch, device }, null);
    expect(batchSize).toBeGreaterThan(2);
    expect(batchSize).toBeLessThan(batch.size);
    expect([miniBatchSize, recompute]).toEqual([null, false]);
  });

  test('where nothing fits, a smaller model is the advice', () => {
    const overrun = { model: base, options, batch, device };
    expect(fitMemory(overrun, 1e6)).toEqual({ batchSize: null, miniBatchSize: null, recompute: false });
    expect(adviseOnMemory(overrun, 1e6).en).toBe('Choose a smaller maximum length or a smaller model.');
  });
});

test('what fits is said in both languages', () => {
  const overrun = { model: base, options: defaultsFor('mnrl'), batch, device: devices[0]! };
  const { batchSize, miniBatchSize } = fitMemory(overrun, null);
  const { en, zh } = adviseOnMemory(overrun, null);
  for (const text of [en, zh]) {
    expect(text).toContain(String(batchSize));
    expect(text).toContain(String(miniBatchSize));
  }
  expect(en).toContain('Recompute activations');
  expect(zh).toContain('重算激活值');
});
