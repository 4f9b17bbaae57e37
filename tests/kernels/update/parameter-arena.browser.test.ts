/** The arena: where parameters lie, those that are one matrix to a product in particular, and gradients added there. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Dispatcher } from '../../../src/kernels/device/dispatch.ts';
import { linears } from '../../../src/kernels/linear/linear.ts';
import { ParameterArena } from '../../../src/kernels/update/parameter-arena.ts';
import { blockFloats } from '../../../src/kernels/update/update-parameters.ts';
import { expectNoFault, relativeError, selectBackend } from '../../support/backends.ts';
import { normal, type Plain } from '../../support/gradients.ts';
import { currentGpu, programsRun } from '../../support/kernel-variants.ts';

let gpu: Dispatcher;
beforeEach(async () => {
  await selectBackend('webgpu');
  gpu = currentGpu();
});
afterEach(async () => {
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

const layers = ['q', 'k', 'v'];
const weights = layers.map((layer) => `${layer}.weight`);
const biases = layers.map((layer) => `${layer}.bias`);

/** The parameters of three layers of one input, weight and bias in turn, and another one between and behind them. */
function parametersOf(width: number, out: number): Map<string, Plain> {
  const named = layers.flatMap((layer, i): [string, Plain][] => [
    [`${layer}.weight`, normal([out, width], 2 * i)],
    [`${layer}.bias`, normal([out], 2 * i + 1)],
    [`${layer}.other`, normal([5], 10 + i)],
  ]);
  return new Map(named);
}

function arenaOf(parameters: Map<string, Plain>): ParameterArena {
  const shapes = new Map([...parameters].map(([name, { shape }]) => [name, shape]));
  const arena = new ParameterArena(gpu, shapes, [weights, biases]);
  for (const [name, { values }] of parameters) arena.write(name, values);
  return arena;
}

test.each([
  [3, 5],
  [66, 66], // neither places nor sizes are multiples of a block
  [32, 64],
])('joined parameters lie behind one another, %i to %i', async (width, out) => {
  const parameters = parametersOf(width, out);
  const arena = arenaOf(parameters);
  const read = await arena.read();
  for (const [name, { values }] of parameters) {
    expect(read.get(name), name).toEqual(values);
    expect(await arena.tensor(name).data(), name).toEqual(values);
  }
  for (const names of [weights, biases]) {
    const [q, k, v] = names.map((name) => arena.places.get(name)!);
    expect(q!.offset % blockFloats).toBe(0);
    expect([k!.offset, v!.offset]).toEqual([q!.offset + q!.floats, q!.offset + 2 * q!.floats]);
  }
  const others = layers.map((layer) => arena.places.get(`${layer}.other`)!.offset);
  expect(others.map((offset) => offset % blockFloats)).toEqual([0, 0, 0]);
  // No two overlap.
  const places = [...arena.places.values()].sort((a, b) => a.offset - b.offset);
  for (const [i, { offset, floats }] of places.slice(0, -1).entries()) {
    expect(offset + floats).toBeLessThanOrEqual(places[i + 1]!.offset);
  }
  arena.dispose();
});

test.each([
  [3, 5],
  [66, 66],
  [32, 64],
])('layers side by side are one product each way, and add their gradients in place, %i to %i', async (width, out) => {
  const parameters = parametersOf(width, out);
  const [input, slopes] = [normal([7, width], 20), normal([7, 3 * out], 21)];
  const gradients = (find: (name: string) => tf.Tensor) => {
    const all = [tf.tensor(input.values, [7, width]), ...[...weights, ...biases].map(find)];
    return tf.grads((x, ...p) => {
      const [y] = linears(x as tf.Tensor2D, p.slice(0, 3) as tf.Tensor2D[], p.slice(3) as tf.Tensor1D[]);
      return tf.sum(tf.mul(y, tf.tensor(slopes.values, [7, 3 * out])));
    })(all);
  };
  const alone = tf.tidy(() => {
    const find = (name: string) => tf.tensor(parameters.get(name)!.values, parameters.get(name)!.shape);
    return gradients(find);
  });
  const expected = await Promise.all(alone.map((tensor) => tensor.data()));
  tf.dispose(alone);

  const arena = arenaOf(parameters);
  const training = arena.startTraining(1);
  const take = () => tf.tidy(() => gradients((name) => arena.tensor(name)));
  tf.dispose(take());
  let second: tf.Tensor[] = [];
  const programs = programsRun(gpu, () => {
    second = take();
  });
  expect(programs.filter((name) => name.startsWith('product-'))).toHaveLength(3);
  const found = await Promise.all(second.map((tensor) => tensor.data()));
  expect(relativeError(found[0]!, expected[0]!)).toBeLessThan(1e-6);
  for (const [i, gradient] of expected.entries()) {
    if (i === 0) continue;
    expect(gpu.isView(second[i]!)).toBe(true);
    expect(Math.max(...gradient)).toBeGreaterThan(0.1);
    expect(
      relativeError(
        found[i]!,
        gradient.map((value) => 2 * value),
      ),
      `gradient ${i}`,
    ).toBeLessThan(1e-6);
  }
  tf.dispose(second);
  arena.endTraining(training);
  arena.dispose();
});
