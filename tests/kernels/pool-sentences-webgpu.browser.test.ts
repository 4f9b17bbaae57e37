/** Pooling of packed sentences on WebGPU against plain JavaScript: odd sizes, ties, tokens of no sentence. */
import '../../src/kernels/pool-sentences-webgpu.ts';
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dispatcherOf } from '../../src/kernels/device/webgpu.ts';
import { runKernel } from '../../src/kernels/run-kernel.ts';
import { expectNoFault, relativeError, selectBackend } from '../support/backends.ts';
import { programsOf } from '../support/programs.ts';

const poolings = ['mean', 'mean_sqrt_len', 'first', 'max'] as const;
type Pooling = (typeof poolings)[number];

beforeEach(async () => {
  await selectBackend('webgpu');
});
afterEach(async () => {
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

const draw = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));

/** y and dx as the head comment of the kernels has them. */
function expected(x: Float32Array, dy: Float32Array, starts: number[], width: number, pooling: Pooling) {
  const rows = starts.length - 1;
  const y = new Float64Array(rows * width);
  const dx = new Float64Array(x.length);
  for (let row = 0; row < rows; row++) {
    const tokens = Array.from({ length: starts[row + 1]! - starts[row]! }, (_, k) => starts[row]! + k);
    for (let j = 0; j < width; j++) {
      const values = tokens.map((token) => x[token * width + j]!);
      const largest = values.indexOf(Math.max(...values));
      const weight = (k: number) =>
        pooling === 'mean'
          ? 1 / tokens.length
          : pooling === 'mean_sqrt_len'
            ? 1 / Math.sqrt(tokens.length)
            : k === (pooling === 'first' ? 0 : largest)
              ? 1
              : 0;
      for (const [k, token] of tokens.entries()) {
        y[row * width + j]! += weight(k) * values[k]!;
        dx[token * width + j] = weight(k) * dy[row * width + j]!;
      }
    }
  }
  return { y, dx };
}

async function pool(x: Float32Array, dy: Float32Array, starts: number[], width: number, pooling: Pooling) {
  const tokens = x.length / width;
  const results = tf.tidy(() => {
    const states = tf.tensor2d(x, [tokens, width]);
    const places = tf.tensor1d(starts, 'int32');
    const attributes = { tokens, pooling };
    const slopes = tf.tensor2d(dy, [starts.length - 1, width]);
    return [
      runKernel('EmbedsmithPoolSentences', [states, places], attributes)[0]!,
      runKernel(
        'EmbedsmithPoolSentencesGradient',
        pooling === 'max' ? [slopes, places, states] : [slopes, places],
        attributes,
      )[0]!,
    ];
  });
  const [y, dx] = await Promise.all(results.map((tensor) => tensor.data()));
  tf.dispose(results);
  return { y: y!, dx: dx! };
}

test.each(
  poolings.flatMap((pooling) => [
    { pooling, starts: [0, 1], tokens: 1, width: 1 },
    { pooling, starts: [0, 1, 8, 11], tokens: 13, width: 5 },
    { pooling, starts: [0, 7, 8, 21, 40], tokens: 40, width: 312 },
    { pooling, starts: [0, 5, 70], tokens: 90, width: 7 },
  ]),
)('$pooling of $tokens tokens at $starts, width $width', async ({ pooling, starts, tokens, width }) => {
  const x = draw(tokens * width, 1);
  const dy = draw((starts.length - 1) * width, 2);
  const { y, dx } = await pool(x, dy, starts, width, pooling);
  const wanted = expected(x, dy, starts, width, pooling);
  expect(relativeError(y, wanted.y)).toBeLessThan(1e-6);
  expect(relativeError(dx, wanted.dx)).toBeLessThan(1e-6);
  expect(dx.subarray(starts.at(-1)! * width).every((value) => value === 0)).toBe(true);
});

test('of equally large values the first gets the gradient', async () => {
  const x = Float32Array.of(1, -3, 2, -3, 2, -4, 0, -3);
  const { dx } = await pool(x, Float32Array.of(5, 6), [0, 4], 2, 'max');
  expect([...dx]).toEqual([0, 6, 5, 0, 0, 0, 0, 0]);
});

test('more invocations than a dispatch dimension holds', async () => {
  const rows = 70_000;
  const starts = Array.from({ length: rows + 1 }, (_, row) => row);
  const x = draw(rows * 64, 3);
  const dy = draw(rows * 64, 4);
  const { y, dx } = await pool(x, dy, starts, 64, 'mean');
  expect(relativeError(y, x)).toBe(0);
  expect(relativeError(dx, dy)).toBe(0);
});

test('the programs are what they were', () => {
  const gpu = dispatcherOf(tf.backend() as WebGPUBackend);
  const seen = programsOf(gpu, () => {
    tf.tidy(() => {
      for (const pooling of poolings) {
        for (const width of [3, 4]) {
          const x = tf.ones([2, width]);
          const starts = tf.tensor1d([0, 2], 'int32');
          const dy = runKernel('EmbedsmithPoolSentences', [x, starts], { tokens: 2, pooling })[0]!;
          const inputs = pooling === 'max' ? [dy, starts, x] : [dy, starts];
          runKernel('EmbedsmithPoolSentencesGradient', inputs, { tokens: 2, pooling });
        }
      }
    });
  });
  expect(seen).toHaveLength(16);
  expect(seen.join('\n\n')).toMatchSnapshot();
});
