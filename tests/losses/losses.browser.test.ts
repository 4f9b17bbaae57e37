/** Losses without a golden: against formulas written out in plain numbers, and their gradients against finite differences. */
import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { defaultsFor, type RunConfig } from '../../src/contract/catalogue.ts';
import { scoreLoss } from '../../src/losses/cross-encoder.ts';
import { crossEntropy } from '../../src/losses/cross-entropy.ts';
import { embeddingLoss } from '../../src/losses/index.ts';
import { backends, expectNoFault, selectBackend } from '../support/backends.ts';

type Name = Parameters<typeof embeddingLoss>[0];

const batch = 5;
const width = 6;

/** Numbers that look random and are the same everywhere. */
const draw = (seed: number) =>
  Float32Array.from({ length: batch * width }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));

const inputs = [draw(1), draw(2), draw(3)];
const targets = Float32Array.of(0.1, 0.9, 0.4, 0.9, 0);
const labels = Float32Array.of(1, 0, 1, 0, 0);

const cases: [name: Name, positions: number, changes: Partial<RunConfig>, targets: Float32Array][] = [
  ['angle', 2, {}, targets],
  ['angle', 2, { matryoshka: [6, 2], matryoshkaWeights: [1, 0.25] }, targets],
  ['cosent', 2, {}, targets],
  ['cosine-similarity', 2, { matryoshka: [5, 3] }, targets],
  ['contrastive', 2, { margin: 0.9 }, labels],
  ['online-contrastive', 2, { margin: 1.5 }, labels],
  ['triplet', 3, { distance: 'cosine', margin: 0.5 }, labels],
  ['triplet', 3, { distance: 'manhattan', margin: 2 }, labels],
  ['triplet', 3, { distance: 'euclidean', margin: 1 }, labels],
  ['simcse', 2, { views: 'two-view' }, labels],
  ['mnrl', 3, { symmetric: 'yes' }, labels],
];

const loss = (name: Name, changes: Partial<RunConfig>, aim: Float32Array) => (embeddings: tf.Tensor2D[]) =>
  embeddingLoss(name, embeddings, { targets: tf.tensor1d(aim), head: null }, { ...defaultsFor(name), ...changes });

describe.each(backends)('on %s', (backend) => {
  beforeEach(async () => {
    await selectBackend(backend);
  });

  test.each(cases)('the gradient of %s is its slope', async (name, positions, changes, aim) => {
    const compute = loss(name, changes, aim);
    const tensors = inputs.slice(0, positions).map((values) => tf.tensor2d(values, [batch, width]));
    const gradients = tf.grads((...args: tf.Tensor[]) => compute(args as tf.Tensor2D[]))(tensors);
    const step = 1e-2;
    let compared = 0;
    for (const [position, gradient] of gradients.entries()) {
      const found = await gradient.data();
      expect(found.some((value) => Math.abs(value) > 1e-3)).toBe(true);
      for (let i = 0; i < found.length; i += 7) {
        const at = async (offset: number) => {
          const moved = inputs.slice(0, positions).map((values) => values.slice());
          moved[position]![i]! += offset;
          const value = tf.tidy(() => compute(moved.map((values) => tf.tensor2d(values, [batch, width]))));
          const [result] = await value.data();
          value.dispose();
          return result!;
        };
        // Richardson: the error of the central difference falls with the fourth power of the step.
        const slope = (h: number) => Promise.all([at(h), at(-h)]).then(([up, down]) => (up - down) / (2 * h));
        const expected = (4 * (await slope(step / 2)) - (await slope(step))) / 3;
        expect(Math.abs(found[i]! - expected)).toBeLessThan(2e-3 * Math.max(1, Math.abs(expected)));
        compared++;
      }
    }
    expect(compared).toBe(positions * 5);
    tf.dispose([...tensors, ...gradients]);
    await expectNoFault(backend);
  });
});

/** Everything below is written out in plain numbers from the papers' formulas. */
const rows = (values: Float32Array) =>
  Array.from({ length: batch }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

async function lossIn(name: Name, positions: number, changes: Partial<RunConfig>, aim: Float32Array) {
  await selectBackend('wasm');
  const value = tf.tidy(() =>
    loss(name, changes, aim)(inputs.slice(0, positions).map((x) => tf.tensor2d(x, [batch, width]))),
  );
  const [found] = await value.data();
  value.dispose();
  return found!;
}

test('AnglE is CoSENT on the angle of complex numbers', async () => {
  const [u, v] = [rows(inputs[0]!), rows(inputs[1]!)];
  const half = width / 2;
  const similarities = u.map((x, i) => {
    const y = v[i]!;
    const lengths = Math.hypot(...x) * Math.hypot(...y);
    const parts = Array.from({ length: half }, (_, k) => {
      const [a, b, c, d] = [x[k]!, x[k + half]!, y[k]!, y[k + half]!];
      return (a * c + b * d + (b * c - a * d)) / lengths;
    });
    return Math.abs(sum(parts));
  });
  let total = 1;
  for (let i = 0; i < batch; i++)
    for (let j = 0; j < batch; j++)
      if (targets[i]! < targets[j]!) total += Math.exp(20 * (similarities[i]! - similarities[j]!));
  expect(await lossIn('angle', 2, {}, targets)).toBeCloseTo(Math.log(total), 4);
});

test('a triplet within its margin costs nothing, in each distance', async () => {
  const [a, p, n] = inputs.map(rows);
  const distances = {
    euclidean: (x: number[], y: number[]) => Math.hypot(...x.map((value, k) => value - y[k]!)),
    manhattan: (x: number[], y: number[]) => sum(x.map((value, k) => Math.abs(value - y[k]!))),
    cosine: (x: number[], y: number[]) =>
      1 - sum(x.map((value, k) => value * y[k]!)) / (Math.hypot(...x) * Math.hypot(...y)),
  };
  let within = 0;
  let beyond = 0;
  for (const [distance, measure] of Object.entries(distances)) {
    const margin = 0.3;
    const each = a!.map((x, i) => Math.max(0, measure(x, p![i]!) - measure(x, n![i]!) + margin));
    within += each.filter((value) => value === 0).length;
    beyond += each.filter((value) => value > 0).length;
    const changes = { distance: distance as RunConfig['distance'], margin };
    expect(await lossIn('triplet', 3, changes, labels)).toBeCloseTo(sum(each) / batch, 5);
  }
  expect(Math.min(within, beyond)).toBeGreaterThan(0);
});

test('equal embeddings have a distance without a slope, not an infinite one', async () => {
  await selectBackend('wasm');
  const same = tf.ones([2, 4]) as tf.Tensor2D;
  const config = defaultsFor('triplet');
  const aim = tf.zeros([2]) as tf.Tensor1D;
  const [gradient] = tf.grads((...x: tf.Tensor[]) =>
    embeddingLoss('triplet', x as tf.Tensor2D[], { targets: aim, head: null }, config),
  )([same, same.clone(), same.clone()]);
  expect([...(await gradient!.data())]).toEqual(Array(8).fill(0));
});

test('label smoothing and the binary cross-entropy of a score', async () => {
  await selectBackend('wasm');
  const logits = [
    [2, -1, 0.5],
    [0, 3, 1],
  ];
  const gold = [0, 2];
  const smoothing = 0.1;
  const expected = logits.map((row, i) => {
    const normalizer = Math.log(sum(row.map(Math.exp)));
    return -sum(row.map((x, k) => ((k === gold[i] ? 1 - smoothing : 0) + smoothing / 3) * (x - normalizer)));
  });
  const found = tf.tidy(() => crossEntropy(tf.tensor2d(logits), tf.tensor1d(gold), smoothing));
  expect((await found.data())[0]).toBeCloseTo(sum(expected) / 2, 5);

  const scores = [0.2, 1, 0];
  const xs = [-3, 0.5, 40];
  const bce = xs.map((x, i) => {
    const p = 1 / (1 + Math.exp(-x));
    return x > 30 ? x * (1 - scores[i]!) : -(scores[i]! * Math.log(p) + (1 - scores[i]!) * Math.log(1 - p));
  });
  const value = tf.tidy(() => scoreLoss(tf.tensor2d(xs, [3, 1]), tf.tensor1d(scores)));
  expect((await value.data())[0]).toBeCloseTo(sum(bce) / 3, 4);
});
