/** The engines compute the same step: without dropout their losses are those of pytorch.py. */
import { expect, test } from 'vitest';
import { wasmBuilds } from '../../src/cli/wasm-builds.ts';
import { createEmbedsmith } from './engines/embedsmith.ts';
import { createStock } from './engines/stock.ts';
import { measure } from './measure.ts';
import { createWorkload } from './workload.ts';

/** PyTorch 1.13's losses of the first steps of BERT-tiny, 16 pairs of STS-B's lengths, without dropout, by pytorch.py. */
const pytorchLosses = [2.7954034805, 2.8153936863, 2.7691922188];

const engines = [createEmbedsmith, createStock] as const;

test.each(engines)(
  '%o trains as PyTorch does',
  async (create) => {
    const engine = (await create('wasm', wasmBuilds))!;
    const session = await engine.prepare(
      createWorkload('tiny', { pairs: 16, tokens: 32, lengths: 'stsb', dropout: 0 }),
    );
    for (const [step, expected] of pytorchLosses.entries()) {
      const { loss } = await session.run(1, step);
      expect(Math.abs(loss - expected)).toBeLessThan(2e-5);
    }
    await session.dispose();
  },
  180_000,
);

test('engines take turns, forwards and backwards; one that fails is told of and left out', async () => {
  const turns: string[] = [];
  const fake = (name: 'stock' | 'jax' | 'pytorch', failing: boolean) => ({
    name,
    backend: 'cpu' as const,
    adapter: name,
    software: true,
    prepare: async () => ({
      run: async (steps: number) => {
        turns.push(name);
        return { milliseconds: 10 * steps, jsMilliseconds: [], loss: failing ? Number.NaN : 1 };
      },
      peakBytes: async () => null,
      kernelTimes: null,
      dispose: async () => {
        turns.push(`${name} disposed`);
      },
    }),
    matmulPeak: null,
  });
  const workload = createWorkload('tiny', { pairs: 2, tokens: 4, lengths: 'uniform' });
  const { rows, failures } = await measure(
    [fake('stock', false), fake('jax', true), fake('pytorch', false)],
    workload,
    { rounds: 2, roundMilliseconds: 100, kernels: false },
    () => 2,
    () => {},
  );
  expect(turns.slice(9, 13)).toEqual(['stock', 'pytorch', 'pytorch', 'stock']);
  expect(failures.map(({ engine, reason }) => [engine, reason])).toEqual([['jax', 'The loss became NaN.']]);
  expect(rows.map(({ engine, milliseconds, tokensPerSecond }) => [engine, milliseconds, tokensPerSecond])).toEqual([
    ['stock', 10, 1600],
    ['pytorch', 10, 1600],
  ]);
  expect(rows[0]!.shareOfPeak).toBeCloseTo(rows[0]!.tflops / 2, 12);
});
