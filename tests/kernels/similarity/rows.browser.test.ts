/** Normalisation, cosines and log-sum-exp of rows against stock operations, forward and backward, in every variant. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { currentDispatcher } from '../../../src/kernels/device/webgpu.ts';
import { logSumExp } from '../../../src/kernels/similarity/log-sum-exp.ts';
import { normalizeRows, normalizeRowsReference } from '../../../src/kernels/similarity/normalize-rows.ts';
import { rowCosines, rowCosinesReference } from '../../../src/kernels/similarity/row-cosines.ts';
import { testOn, variants } from '../../support/kernel-variants.ts';
import { expectSame, normal } from '../../support/operations.ts';
import { programsOf } from '../../support/programs.ts';

describe.each(variants)('on $variant', (variant) => {
  testOn(variant);

  test.each([
    [1, 7],
    [13, 5],
    [67, 312],
  ])('normalizeRows [%i, %i]', async (rows, width) => {
    await expectSame(
      (x) => normalizeRows(x as tf.Tensor2D),
      (x) => normalizeRowsReference(x as tf.Tensor2D),
      [normal([rows, width], 1, 3)],
    );
  });

  test.each([
    [1, 7],
    [13, 5],
    [67, 312],
  ])('rowCosines [%i, %i]', async (rows, width) => {
    await expectSame(
      (u, v) => rowCosines(u as tf.Tensor2D, v as tf.Tensor2D),
      (u, v) => rowCosinesReference(u as tf.Tensor2D, v as tf.Tensor2D),
      [normal([rows, width], 1, 3), normal([rows, width], 2)],
    );
  });

  test('rowCosines of equal, opposite and zero rows, with finite gradients', async () => {
    const u = tf.tensor2d([3, 4, 3, 4, 0, 0], [3, 2]);
    const v = tf.tensor2d([6, 8, -3, -4, 1, 2], [3, 2]);
    const { value, grads } = tf.tidy(() =>
      tf.valueAndGrads((a, b) =>
        tf.sum(tf.mul(rowCosines(a as tf.Tensor2D, b as tf.Tensor2D), tf.tensor1d([1, 10, 100]))),
      )([u, v]),
    );
    expect((await value.data())[0]).toBeCloseTo(1 - 10, 5);
    const [du, dv] = await Promise.all(grads.map((grad) => grad.data()));
    for (const x of [...du!.subarray(0, 4), ...dv!]) expect(x).toBeCloseTo(0, 5);
    for (const x of du!.subarray(4)) expect(Number.isFinite(x)).toBe(true);
    tf.dispose([u, v, value, ...grads]);
  });

  test('logSumExp along either axis', async () => {
    for (const axis of [0, 1, -1]) {
      await expectSame(
        (x) => logSumExp(x, axis),
        (x) => tf.logSumExp(x, axis),
        [normal([7, 13], 1, 30)],
      );
    }
  });

  test('rows of zeros stay zeros and have a finite gradient', async () => {
    const x = tf.zeros([2, 3]);
    const [y, dx] = tf.tidy(() => [
      normalizeRows(x as tf.Tensor2D),
      tf.grad((v) => tf.sum(normalizeRows(v as tf.Tensor2D)))(x),
    ]);
    expect([...(await y!.data())]).toEqual([0, 0, 0, 0, 0, 0]);
    for (const value of await dx!.data()) expect(value / 1e12).toBeCloseTo(1, 5);
    tf.dispose([x, y!, dx!]);
  });

  if (variant.backend === 'webgpu') {
    test('one dispatch each way for rows, whose programs are what they were', () => {
      for (const width of [3, 4]) {
        const inputs = [tf.ones([2, width]), tf.ones([2, width])];
        const seen = programsOf(currentDispatcher()!, () => {
          tf.dispose(tf.grads((u, v) => rowCosines(u as tf.Tensor2D, v as tf.Tensor2D))(inputs));
          tf.dispose(tf.grads((x) => normalizeRows(x as tf.Tensor2D))(inputs.slice(0, 1)));
        });
        expect(seen).toHaveLength(4);
        expect(seen.join('\n\n')).toMatchSnapshot();
        tf.dispose(inputs);
      }
    });
  }
});
