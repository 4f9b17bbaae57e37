/** The threaded WASM backend beside the one of a single thread: it really has threads, and gives the same steps. */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { defaultConfig } from '../../../src/contract/catalogue.ts';
import { startWasm } from '../../../src/kernels/wasm/wasm-backend.ts';
import { createStepper } from '../../../src/training/stepper.ts';
import { wasmBuilds } from '../../../src/worker/wasm-builds.ts';
import { relativeError } from '../../support/backends.ts';
import { goldenBatch, goldenModel } from '../../support/golden.ts';

const config = { ...defaultConfig, batchSize: 4 };

/** Losses of a few steps with dropout, and a weight that was trained, on the current backend. */
async function trainALittle(): Promise<{ losses: number[]; weights: Float32Array }> {
  const model = await goldenModel();
  const stepper = createStepper(model, config);
  const tokens = goldenBatch(0, 1);
  const batch = { tokens, size: tokens.rows / 2, targets: new Float32Array(tokens.rows / 2) };
  const losses: number[] = [];
  for (let step = 1; step <= 4; step++) {
    losses.push((await stepper.step([batch], { step, learningRate: 1e-3 })).loss);
  }
  const weights = await model.parameters.get('encoder.layer.0.intermediate.dense.weight')!.data();
  return { losses, weights: weights as Float32Array };
}

const product = async (rows: number) => {
  const [a, b] = [tf.randomNormal([rows, 96], 0, 1, 'float32', 1), tf.randomNormal([96, 80], 0, 1, 'float32', 2)];
  return (await tf.matMul(a, b).data()) as Float32Array;
};

test('several threads where the page is isolated, and the steps of one thread', async () => {
  expect(crossOriginIsolated).toBe(true);
  expect((await startWasm({ ...wasmBuilds, cores: 1 })).threads).toBe(1);
  const single = await trainALittle();
  const singleProduct = await product(200);
  expect(single.losses[3]).not.toBe(single.losses[0]);

  expect((await startWasm({ ...wasmBuilds, cores: 3 })).threads).toBe(3);
  const threads = () => (tf.backend() as BackendWasm).wasm.tfjs.getThreadsCount();
  expect(threads()).toBe(3);
  const threaded = await trainALittle();
  expect(threaded).toEqual(single); // bit for bit: what a part computes does not depend on who does
  expect(relativeError(await product(200), singleProduct)).toBeLessThan(1e-6);
});
