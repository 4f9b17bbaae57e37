import { describe, expect, test } from 'vitest';
import { parameterShapes } from '../../src/model/parameters.ts';
import { matmulParameters, stepFlops } from './flops.ts';
import { sentenceLengths } from './lengths.ts';
import { median, type Row } from './measure.ts';
import { encoderConfig, type ModelName, mix32, models, randomWeights, vocabulary } from './models.ts';
import { readOptions } from './options.ts';
import { figure, renderKernels, renderRows } from './table.ts';
import { createWorkload, inTurn, lengthsOfSteps, paddedWidth, padRows } from './workload.ts';

describe('models', () => {
  test('the shapes have the published numbers of parameters', () => {
    const count = (name: ModelName) =>
      [...parameterShapes(encoderConfig(name)).values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0);
    // Hugging Face's counts of the same checkpoints, less their poolers (hidden² + hidden).
    expect(count('tiny')).toBe(4_385_920 - 128 * 129);
    expect(count('minilm')).toBe(22_713_216 - 384 * 385);
    expect(count('base')).toBe(109_482_240 - 768 * 769);
  });

  test('random weights have mean 0 and deviation 0.02, and LayerNorm starts as none', () => {
    const weights = randomWeights(encoderConfig('tiny'));
    const { data } = weights.get('embeddings.word_embeddings.weight')!;
    const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
    const square = data.reduce((sum, x) => sum + x * x, 0) / data.length;
    expect(Math.abs(mean)).toBeLessThan(1e-4);
    expect(Math.sqrt(square)).toBeCloseTo(0.02, 4);
    expect(new Set(weights.get('embeddings.LayerNorm.weight')!.data)).toEqual(new Set([1]));
    expect(new Set(weights.get('embeddings.LayerNorm.bias')!.data)).toEqual(new Set([0]));
  });

  test('mix32 is the finaliser of MurmurHash3', () => {
    // SMHasher's fmix32.
    expect([0, 1, 2, 0xffffffff].map(mix32)).toEqual([0, 0x514e28b7, 0x30f4c306, 0x81f16f39]);
  });
});

describe('lengths', () => {
  test('uniform: all as long as allowed', () => {
    expect(sentenceLengths('uniform', 5, 32)).toEqual([32, 32, 32, 32, 32]);
  });

  test('stsb: the distribution of STS-B, cut at the limit', () => {
    const lengths = sentenceLengths('stsb', 512, 32);
    const share = (test: (length: number) => boolean) => lengths.filter(test).length / lengths.length;
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...lengths)).toBe(32);
    expect(lengths.toSorted((a, b) => a - b)[256]).toBe(12); // median of the training file
    expect(share((length) => length < 9)).toBeCloseTo(1294 / 11_498, 2);
    expect(lengths.slice(0, 256)).not.toEqual(lengths.slice(0, 256).toSorted((a, b) => a - b));
  });

  test('stsb at another limit is stretched', () => {
    const [short, long] = [32, 128].map((tokens) => sentenceLengths('stsb', 64, tokens));
    expect(long).toEqual(short!.map((length, i) => (length < 32 ? 4 * length : long![i])));
    expect(Math.max(...long!)).toBeLessThanOrEqual(128);
  });
});

describe('flops', () => {
  test('BERT-base has 85 million parameters in products', () => {
    // Of its 109.5 million, 23.8 in embeddings, 0.6 in the pooler, 0.1 in biases and LayerNorms are in none.
    expect(matmulParameters('base')).toBe(84_934_656);
  });

  test('a step, product by product', () => {
    const { layers, hidden, heads, intermediate } = models.tiny;
    const lengths = [3, 5, 2, 7];
    const product = (m: number, k: number, n: number) => 2 * m * k * n;
    let forward = product(2, hidden, 2);
    for (const length of lengths) {
      const dense = 4 * product(length, hidden, hidden) + 2 * product(length, hidden, intermediate);
      forward += layers * (dense + heads * 2 * product(length, hidden / heads, length));
    }
    expect(stepFlops('tiny', lengths, 2)).toBe(3 * forward);
    expect(stepFlops('tiny', [...lengths, ...lengths], 2)).toBe(6 * forward);
  });
});

describe('workload', () => {
  test('rows have their lengths and ids of the vocabulary, the same each time', () => {
    const settings = { pairs: 4, tokens: 32, lengths: 'stsb' } as const;
    const workload = createWorkload('tiny', settings);
    expect(lengthsOfSteps(workload, 4, 0)).toEqual(sentenceLengths('stsb', 32, 32));
    expect(createWorkload('tiny', settings)).toEqual(workload);
    const ids = workload.batches.flat().flatMap((row) => Array.from(row));
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...ids)).toBeLessThan(vocabulary);
  });

  test('batches differ and take turns; realistic ones also in size', () => {
    const workload = createWorkload('tiny', { pairs: 16, tokens: 32, lengths: 'stsb' });
    const [first, second] = workload.batches;
    expect(inTurn(workload.batches, 5)).toBe(second);
    expect(lengthsOfSteps(workload, 2, 4)).toEqual([...first!, ...second!].map(({ length }) => length));
    const sizes = workload.batches.map((rows) => rows.reduce((sum, { length }) => sum + length, 0));
    expect(new Set(sizes).size).toBe(4);
    const words = workload.batches.map((rows) => new Set(rows.flatMap((row) => Array.from(row))));
    expect([...words[0]!].filter((id) => words[1]!.has(id)).length).toBeLessThan(0.1 * words[0]!.size);
  });

  test('padding', () => {
    expect(paddedWidth(createWorkload('tiny', { pairs: 16, tokens: 32, lengths: 'stsb' }))).toBe(32);
    const padded = padRows([Int32Array.of(7, 8), Int32Array.of(9)], 2);
    expect(padded).toEqual({ ids: Int32Array.of(7, 8, 9, 0), mask: Float32Array.of(1, 1, 1, 0) });
  });
});

test('median', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

describe('tables', () => {
  const row: Row = {
    engine: 'embedsmith',
    backend: 'webgpu',
    adapter: 'a',
    model: 'tiny',
    pairs: 16,
    tokens: 32,
    lengths: 'uniform',
    milliseconds: 2,
    tokensPerSecond: 512_345,
    tflops: 0.01234,
    shareOfPeak: 0.5,
    dispatches: 75,
    bytes: 12_000_000,
    jsMilliseconds: null,
    firstStepMilliseconds: 100,
    kernels: [
      { kernel: 'linear', calls: 3, milliseconds: 1.5 },
      { kernel: 'attention', calls: 2, milliseconds: 0.5 },
    ],
  };

  test('figures have three digits and no exponent', () => {
    expect([0, 1234.5, 99.96, 0.0000123, Number.NaN].map(figure)).toEqual(['0', '1,235', '100', '0.0000123', '–']);
  });

  test('each row says how many times as long as ours it took', () => {
    const lines = renderRows([row, { ...row, engine: 'stock', milliseconds: 50, kernels: null }]).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toBe(
      '| BERT-tiny | 16 × 32 | uniform | embedsmith | webgpu | 2 | 1 | 512,345 | 0.0123 | 50 | 75 | 12 | – | 100 |',
    );
    expect(lines[3]).toContain('| stock | webgpu | 50 | 25 |');
    expect(renderRows([{ ...row, engine: 'stock' }])).toContain('| webgpu | 2 | – |');
  });

  test('kernels, the longest first, with their shares', () => {
    const text = renderKernels([row, { ...row, kernels: null }]);
    expect(text).toContain('| linear | 3 | 1.5 | 75 |\n| attention | 2 | 0.5 | 25 |');
    expect(text.match(/BERT-tiny/g)).toHaveLength(1);
  });
});

describe('command line', () => {
  test('all, quick, and what is chosen', () => {
    expect(readOptions([])).toMatchObject({ models: ['tiny', 'minilm', 'base'], pairs: [16, 64, 256], browser: false });
    expect(readOptions(['--quick'])).toMatchObject({ models: ['tiny'], pairs: [16], tokens: [32] });
    expect(
      readOptions(['--pairs', '64', '--quick', '--engines', 'stock,jax', '--rounds', '3', '--json', 'f', '--browser']),
    ).toMatchObject({ pairs: [64], models: ['tiny'], engines: ['stock', 'jax'], rounds: 4, json: 'f', browser: true });
  });

  test.each([
    [['--fast'], '“--fast” is not an option.'],
    [['--models'], '--models needs a value.'],
    [['--models', '--quick', '--json'], '--models needs a value.'],
    [['--models', 'bert'], '--models: “bert” is unknown. Choose from tiny, minilm, base.'],
    [['--tokens', '32,1000'], '--tokens: “1000” is not a whole number from 2 to 512.'],
    [['--threads', '0'], '--threads: “0” is not a whole number from 1 to 64.'],
    [['--pairs', 'x'], '--pairs: “x” is not a whole number from 2 to 4096.'],
  ])('%j is refused in a sentence', (args, sentence) => {
    expect(() => readOptions(args)).toThrow(sentence);
  });
});
