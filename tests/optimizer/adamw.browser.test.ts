/** Which parameters AdamW decays, what it skips, and the schedule's ends. */
import * as tf from '@tensorflow/tfjs';
import { beforeEach, expect, test } from 'vitest';
import { adamWDefaults, createAdamW, disposeAdamW, stepAdamW } from '../../src/optimizer/adamw.ts';
import { clipScale } from '../../src/optimizer/clip.ts';
import { linearSchedule } from '../../src/optimizer/schedule.ts';
import { selectBackend } from '../support/backends.ts';

beforeEach(async () => {
  await selectBackend('wasm');
});

test('weights decay; biases, LayerNorm and parameters without a gradient do not', async () => {
  const names = [
    'dense.weight',
    'dense.bias',
    'LayerNorm.weight',
    'embeddings.word_embeddings.weight',
    'unused.weight',
  ];
  const parameters = new Map(names.map((name) => [name, tf.tidy(() => tf.variable(tf.ones([3])))]));
  const gradients = new Map(names.slice(0, 4).map((name) => [name, tf.zeros([3]) as tf.Tensor]));
  const optimizer = createAdamW();
  stepAdamW(optimizer, parameters, gradients, {
    ...adamWDefaults,
    weightDecay: 0.5,
    learningRate: 0.1,
    gradientScale: 1,
  });
  const values = await Promise.all(names.map(async (name) => (await parameters.get(name)!.data())[0]!));
  expect(values).toEqual([0.95, 1, 1, 0.95, 1].map((value) => expect.closeTo(value, 6)));
  expect(optimizer.step).toBe(1);
  expect(optimizer.moments.has('unused.weight')).toBe(false);
  disposeAdamW(optimizer);
  tf.dispose([...parameters.values(), ...gradients.values()]);
  expect(tf.memory().numTensors).toBe(0);
});

test('the learning rate starts at 0 with a warm-up, at its peak without, and nears 0 at the end', () => {
  expect([1, 2, 3, 4, 5].map((step) => linearSchedule(step, 2, 5))).toEqual([0, 0.5, 1, 2 / 3, 1 / 3]);
  expect([1, 2].map((step) => linearSchedule(step, 0, 2))).toEqual([1, 0.5]);
  expect([1, 2].map((step) => linearSchedule(step, 2, 2))).toEqual([0, 0.5]);
});

test('gradients are scaled down to the limit, never up', () => {
  expect(clipScale(4, 1)).toBeCloseTo(0.25, 6);
  expect(clipScale(0.5, 1)).toBe(1);
  expect(clipScale(0, 1)).toBe(1);
});
