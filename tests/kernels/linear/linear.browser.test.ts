/** Linear layers against their reference in stock operations and against float64 JavaScript, on both backends, in every variant. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  linear,
  linearGelu,
  linearGeluReference,
  linearReference,
  linears,
} from '../../../src/kernels/linear/linear.ts';
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
    expect(hasKernel('EmbedsmithLinears')).toBe(backend === 'webgpu');
    expect(hasKernel('EmbedsmithLinearGelu')).toBe(backend === 'webgpu');
    expect(hasKernel('EmbedsmithGelu')).toBe(backend === 'wasm');
    expect(hasKernel('EmbedsmithGeluGradient')).toBe(true);
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

  test.each(shapes)('linear with GELU, %i rows of %i to %i', async (rows, width, out) => {
    await expectSame(layer(linearGelu), layer(linearGeluReference), inputsOf(rows, width, out), 4e-5);
  });

  test.each([
    [7, 3, 5],
    [70, 36, 68],
  ])('three layers of one input, %i rows of %i to %i', async (rows, width, out) => {
    const [x, w1, b1] = inputsOf(rows, width, out) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const rest = [normal([out, width], 4), normal([out], 5), normal([out + 4, width], 6), normal([out + 4], 7)];
    const joined =
      (op: typeof linears) =>
      (input: tf.Tensor, ...p: tf.Tensor[]) => {
        const [q, k, v] = op(
          input as tf.Tensor2D,
          [p[0]!, p[2]!, p[4]!] as tf.Tensor2D[],
          [p[1]!, p[3]!, p[5]!] as tf.Tensor1D[],
        );
        return tf.concat([tf.mul(q!, k!), v!], 1);
      };
    const oracle: typeof linears = (input, weights, biases) =>
      weights.map((weight, i) => linearReference(input, weight, biases[i]!));
    await expectSame(joined(linears), joined(oracle), [x, w1, b1, ...rest], 4e-5);
  });

  test('a layer whose output is not used has no gradient', async () => {
    const inputs = [...inputsOf(5, 8, 12), normal([12, 8], 4), normal([12], 5)];
    const sums = tf.tidy(() => {
      const second = (...all: tf.Tensor[]) => {
        const outputs = linears(
          all[0] as tf.Tensor2D,
          [all[1], all[3]] as tf.Tensor2D[],
          [all[2], all[4]] as tf.Tensor1D[],
        );
        return tf.sum(tf.add(outputs[1]!, tf.mul(outputs[0]!, 0)));
      };
      return tf.stack(
        tf
          .grads(second)(inputs)
          .map((gradient) => tf.sum(tf.abs(gradient))),
      );
    });
    expect([...(await sums.data())].map((sum) => sum > 0)).toEqual([true, false, false, true, true]);
    tf.dispose([sums, ...inputs]);
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
