/** Adding a scalar, and rows written and read at a place that is a tensor, against plain loops. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Dispatcher } from '../../../src/kernels/device/dispatch.ts';
import { addScalar, readRows, writeRows } from '../../../src/kernels/recording/rows.ts';
import { expectNoFault, selectBackend } from '../../support/backends.ts';
import { normal, placeNumbers, readBuffer } from '../../support/gradients.ts';
import { currentGpu } from '../../support/kernel-variants.ts';
import { programsOf } from '../../support/programs.ts';

let gpu: Dispatcher;
beforeEach(async () => {
  await selectBackend('webgpu');
  gpu = currentGpu();
});
afterEach(async () => {
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

const numbers = (count: number, seed: number) => new Float32Array(normal([count], seed).values);

/** What the buffer holds once all that was asked for is done. */
async function contents(buffer: GPUBuffer): Promise<Float32Array> {
  gpu.submit();
  const found = await readBuffer(gpu.device, buffer);
  buffer.destroy();
  return found;
}

test('scalars add up in a float of a larger buffer', async () => {
  const sums = placeNumbers(
    gpu.device,
    Float32Array.from({ length: 66 }, (_, i) => i),
  );
  tf.tidy(() => {
    for (const x of [0.5, 0.25]) addScalar(gpu, tf.scalar(x), { buffer: sums, offset: 256, size: 4 });
  });
  const wanted = Float32Array.from({ length: 66 }, (_, i) => (i === 64 ? 64.75 : i));
  expect(await contents(sums)).toEqual(wanted);
});

test.each([
  [1, 1, 0, 1],
  [3, 5, 4, 7],
  [7, 33, 2, 64],
  [90, 24, 10, 100],
] as const)('%i rows of %i numbers are written and read from row %i of %i', async (rows, width, at, all) => {
  const before = numbers(all * width, 1);
  const matrix = placeNumbers(gpu.device, before);
  const x = numbers(rows * width, 2);
  const read = tf.tidy(() => {
    const place = tf.tensor1d([at], 'int32');
    writeRows(gpu, tf.tensor2d(x, [rows, width]), place, { buffer: matrix });
    return readRows(gpu, { buffer: matrix }, place, [rows, width]);
  });
  expect(read.shape).toEqual([rows, width]);
  expect(await read.data()).toEqual(x);
  read.dispose();
  const wanted = before.slice();
  wanted.set(x, at * width);
  expect(await contents(matrix)).toEqual(wanted);
});

test('the programs', () => {
  const buffer = placeNumbers(gpu.device, new Float32Array(8));
  const programs = tf.tidy(() =>
    programsOf(gpu, () => {
      const at = tf.tensor1d([1], 'int32');
      addScalar(gpu, tf.scalar(1), { buffer });
      writeRows(gpu, tf.ones([2, 2]), at, { buffer });
      readRows(gpu, { buffer }, at, [2, 2]);
    }),
  );
  gpu.submit();
  buffer.destroy();
  expect(programs).toHaveLength(3);
  expect(programs.join('\n\n')).toMatchSnapshot();
});
