/** Linear layers against their reference in stock operations and against float64 JavaScript, on both backends, in every variant. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leanBackward } from '../../../src/kernels/lean-backward.ts';
import { type Activation, activations } from '../../../src/kernels/linear/activation.ts';
import { feedForward, feedForwardReference } from '../../../src/kernels/linear/feed-forward.ts';
import { linear, linearReference, linears } from '../../../src/kernels/linear/linear.ts';
import { addLayerNorm, addLayerNormReference } from '../../../src/kernels/norm/add-layer-norm.ts';
import { hasKernel } from '../../../src/kernels/run-kernel.ts';
import { backends, expectNoFault, relativeError, selectBackend } from '../../support/backends.ts';
import { expectSame, normal } from '../../support/operations.ts';

const layer =
  (op: typeof linear) =>
  (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
    op(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D);

const inputsOf = (rows: number, width: number, out: number) => [
  normal([rows, width], 1),
  normal([out, width], 2),
  normal([out], 3),
];

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}

describe.each(backends)('on %s', (backend) => {
  let tensors: number;

  beforeEach(async () => {
    await selectBackend(backend);
    tensors = tf.memory().numTensors;
  });
  afterEach(async () => {
    expect(tf.memory().numTensors, 'no tensor is left').toBe(tensors);
    await expectNoFault(backend);
  });

  test('has the kernels that it should', () => {
    expect(hasKernel('EmbedsmithLinears')).toBe(true);
    expect(hasKernel('EmbedsmithLinearGelu')).toBe(true);
  });

  const shapes = [
    [1, 1, 1],
    [7, 3, 5],
    [13, 5, 33],
    [70, 36, 68],
    [200, 128, 132],
    [33, 312, 1],
  ] as const;

  test.each(shapes)('linear, %i rows of %i to %i', async (rows, width, out) => {
    await expectSame(layer(linear), layer(linearReference), inputsOf(rows, width, out));
  });

  type Joined = (x: tf.Tensor2D, weights: tf.Tensor2D[], biases: tf.Tensor1D[]) => [tf.Tensor2D, tf.Tensor2D];
  const oracle: Joined = (x, weights, biases) => [
    tf.concat(
      weights.map((weight, i) => linearReference(x, weight, biases[i]!)),
      1,
    ),
    x,
  ];
  /** `body` on what the op makes of the first input and the pairs behind it. */
  const joined =
    (op: Joined, body: (y: tf.Tensor2D, x: tf.Tensor2D) => tf.Tensor) =>
    (x: tf.Tensor, ...p: tf.Tensor[]) => {
      const even = (rest: number) => p.filter((_, i) => i % 2 === rest);
      return body(...op(x as tf.Tensor2D, even(0) as tf.Tensor2D[], even(1) as tf.Tensor1D[]));
    };
  const threeLayers = (rows: number, width: number, outs: number[]) => [
    normal([rows, width], 1),
    ...outs.flatMap((out, i) => [normal([out, width], 2 * i + 2), normal([out], 2 * i + 3)]),
  ];

  test.each([
    { rows: 7, width: 3, outs: [5, 5, 5] },
    { rows: 70, width: 36, outs: [68, 68, 72] },
    { rows: 33, width: 20, outs: [20, 24] },
  ])('layers of one input side by side, $rows rows of $width to $outs', async ({ rows, width, outs }) => {
    const products = (y: tf.Tensor2D) => {
      const [first, ...rest] = tf.split(y, outs, 1);
      return tf.concat([tf.mul(first!, tf.sum(rest[0]!, 1, true)), ...rest], 1);
    };
    const inputs = () => threeLayers(rows, width, outs);
    await expectSame(joined(linears, products), joined(oracle, products), inputs(), 4e-5);
    const withInput = (y: tf.Tensor2D, x: tf.Tensor2D) => tf.concat([products(y), tf.sin(x)], 1);
    await expectSame(joined(linears, withInput), joined(oracle, withInput), inputs(), 4e-5);
    const inputAlone = (_: tf.Tensor2D, x: tf.Tensor2D) => tf.sin(x);
    const sums = (op: Joined) => (x: tf.Tensor) => tf.tidy(() => joined(op, inputAlone)(x, ...inputs().slice(1)));
    await expectSame(sums(linears), sums(oracle), [normal([rows, width], 1)]);
  });

  test('what comes for the input that is passed on is left alone where others have it, too', async () => {
    const [x, w, b, z] = [normal([6, 8], 1), normal([8, 8], 2), normal([8], 3), normal([6, 8], 4)];
    // The sum gives one gradient to both, and z's must not have anything added.
    const op = (use: Joined) => (input: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, other: tf.Tensor) => {
      const [y, same] = use(input as tf.Tensor2D, [weight as tf.Tensor2D], [bias as tf.Tensor1D]);
      return tf.mul(tf.sin(y), tf.add(same, other));
    };
    await expectSame(op(linears), op(oracle), [x, w, b, z], 4e-5);
  });

  const feedForwardInputs = (rows: number, width: number, inner: number) => [
    normal([rows, width], 1),
    normal([inner, width], 2),
    normal([inner], 3),
    normal([width, inner], 4),
    normal([width], 5),
  ];

  const block =
    (activation: Activation, reference: boolean, behind: (y: tf.Tensor2D, x: tf.Tensor2D) => tf.Tensor = tf.add) =>
    (...inputs: tf.Tensor[]) => {
      const [x, w1, b1, w2, b2] = inputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D];
      if (reference) return behind(feedForwardReference(x, [w1, b1], [w2, b2], activation), x);
      return behind(...feedForward(x, [w1, b1], [w2, b2], activation));
    };

  test.each([
    [1, 1, 1],
    [7, 3, 5],
    [70, 36, 68],
    [200, 32, 132],
  ])('feed-forward with GELU and a residual, %i rows of %i by way of %i', async (rows, width, inner) => {
    const inputs = feedForwardInputs(rows, width, inner);
    await expectSame(block('gelu', false), block('gelu', true), inputs, 4e-5);
  });

  test.each(Object.keys(activations) as Activation[])('feed-forward with %s', async (activation) => {
    const inputs = feedForwardInputs(9, 8, 12);
    await expectSame(block(activation, false), block(activation, true), inputs, 4e-5);
  });

  test('feed-forward whose result or whose input alone is used', async () => {
    for (const behind of [
      (y: tf.Tensor2D) => tf.sin(y),
      (y: tf.Tensor2D, x: tf.Tensor2D) => tf.add(tf.mul(y, 0.1), x),
    ]) {
      await expectSame(block('gelu', false, behind), block('gelu', true, behind), feedForwardInputs(9, 8, 12), 4e-5);
    }
  });

  test.each([false, true])('feed-forward before a LayerNorm without dropout, lean: %s', async (lean) => {
    // The norm's gradient is one tensor for the result and for the residual.
    const [scale, shift] = [normal([8], 6), normal([8], 7)] as tf.Tensor1D[] as [tf.Tensor1D, tf.Tensor1D];
    const behind = (norm: typeof addLayerNorm) => (y: tf.Tensor2D, x: tf.Tensor2D) =>
      norm(y, x, scale, shift, 1e-5, null);
    const take = async (op: (...inputs: tf.Tensor[]) => tf.Tensor) => {
      const inputs = feedForwardInputs(9, 8, 12);
      const weights = normal([9, 8], 99);
      const gradients = () => tf.grads((...all: tf.Tensor[]) => tf.sum(tf.mul(op(...all), weights)))(inputs);
      const found = tf.tidy(() => (lean ? leanBackward(gradients) : gradients()));
      const arrays = await Promise.all(found.map((gradient) => gradient.data()));
      tf.dispose([inputs, weights, found]);
      return arrays;
    };
    const found = await take(block('gelu', false, behind(addLayerNorm)));
    const expected = await take(block('gelu', true, behind(addLayerNormReference)));
    expect(found).toHaveLength(5);
    for (const [i, array] of expected.entries()) {
      expect(Math.max(...array.map(Math.abs))).toBeGreaterThan(0.01);
      expect(relativeError(found[i]!, array), `input ${i}`).toBeLessThan(4e-5);
    }
    tf.dispose([scale, shift]);
  });

  test('more rows than a dispatch has workgroups', async () => {
    const [x, w, b] = [normal([66_000, 4], 1), normal([4, 4], 2), normal([4], 3)];
    const y = tf.tidy(() => layer(linear)(x, w, b));
    const expected = tf.tidy(() => layer(linearReference)(x, w, b));
    expect(relativeError(await y.data(), await expected.data())).toBeLessThan(1e-5);
    const [dx, dw, db] = tf.tidy(() =>
      tf.grads((...all) => tf.sum(layer(linear)(all[0]!, all[1]!, all[2]!)))([x, w, b]),
    );
    expect([...(await db!.data())]).toEqual([66_000, 66_000, 66_000, 66_000]);
    const columns = await read(tf.tidy(() => tf.sum(x, 0)));
    expect(relativeError((await dw!.data()).slice(4, 8), columns)).toBeLessThan(1e-3);
    expect(relativeError((await dx!.data()).slice(-4), await read(tf.tidy(() => tf.sum(w, 0))))).toBeLessThan(1e-5);
    tf.dispose([x, w, b, y, expected, dx!, dw!, db!]);
  });
});
