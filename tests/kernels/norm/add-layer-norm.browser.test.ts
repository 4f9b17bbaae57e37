/** The fused residual sum and LayerNorm against stock operations, forward and backward, in every variant. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { addLayerNorm, addLayerNormReference } from '../../../src/kernels/norm/add-layer-norm.ts';
import { stepKey } from '../../../src/kernels/random.ts';
import { expectNoFault } from '../../support/backends.ts';
import { expectAdded, expectOracle, normal, type Plain, valueAndGradients } from '../../support/gradients.ts';
import {
  currentGpu,
  programsRun,
  selectVariant,
  testOn,
  variants,
  watchPrograms,
} from '../../support/kernel-variants.ts';

const epsilon = 1e-5;

/** The operation with dropout at `rate` in a step. */
const op =
  (f: typeof addLayerNorm, rate = 0, step = 3) =>
  (x: tf.Tensor, residual: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) =>
    f(
      x as tf.Tensor2D,
      residual as tf.Tensor2D,
      weight as tf.Tensor1D,
      bias as tf.Tensor1D,
      epsilon,
      rate > 0 ? { rate, key: tf.tensor1d([stepKey(7, step)], 'int32'), place: 5 } : null,
    );

const inputsOf = (rows: number, width: number): Plain[] => [
  normal([rows, width], 1, 2, 1),
  normal([rows, width], 2, 2, -0.5),
  normal([width], 3),
  normal([width], 4),
];

const expectSame = (inputs: Plain[], rate: number, tolerance = 2e-5) =>
  expectOracle(op(addLayerNorm, rate), op(addLayerNormReference, rate), inputs, tolerance);

describe.each(variants)('on $variant', (variant) => {
  testOn(variant);

  test.each([
    [1, 8, 0],
    [1, 7, 0.1],
    [13, 5, 0.1],
    [33, 128, 0],
    [33, 128, 0.1],
    [17, 312, 0.3],
    [3, 1024, 0.1],
    [1500, 33, 0.1],
  ])('[%i, %i], dropout %f', async (rows, width, rate) => {
    await expectSame(inputsOf(rows, width), rate);
  });

  test('more rows than a dispatch has workgroups', async () => {
    const rows = variant.variant === 'webgpu workgroup' ? 5_000 : 70_000; // barriers are slow on a software adapter
    await expectSame(inputsOf(rows, 4), 0.1);
  });

  test('one value is its own mean: the bias is left', async () => {
    const [value, dx] = await valueAndGradients(op(addLayerNorm), inputsOf(3, 1));
    expect([...value!]).toEqual(Array(3).fill(normal([1], 4).values[0]));
    expect([...dx!].map(Math.abs)).toEqual([0, 0, 0]);
  });

  test('large values, and rows of one value', async () => {
    const [x, , weight, bias] = inputsOf(4, 64);
    const residual = normal([4, 64], 2, 1e4, 1e6);
    x!.values.fill(3, 0, 64);
    residual.values.fill(-1, 0, 64); // the first row is 2 everywhere
    await expectSame([x!, residual, weight!, bias!], 0, 1e-3);
    const [value] = await valueAndGradients(op(addLayerNorm), [x!, residual, weight!, bias!]);
    expect(value!.slice(0, 64)).toEqual(bias!.values);
  });

  test('the same bits again; other ones in another step', async () => {
    const inputs = inputsOf(9, 20);
    const first = await valueAndGradients(op(addLayerNorm, 0.5), inputs);
    expect(await valueAndGradients(op(addLayerNorm, 0.5), inputs)).toEqual(first);
    const other = await valueAndGradients(op(addLayerNorm, 0.5, 4), inputs);
    for (const [i, array] of other.slice(0, 4).entries()) expect(array).not.toEqual(first[i]);
  });
});

describe.each(variants.slice(1))('on $variant', (variant) => {
  test('gradients of weight and bias are added to what is there; one dispatch forward, two backward', async () => {
    await selectVariant(variant);
    const gpu = currentGpu();
    const programs = watchPrograms(gpu);
    const places = {
      size: 128,
      starts: new Map([
        [2, 0],
        [3, 64],
      ]),
    }; // 256 bytes are the least alignment
    const { seen: names } = await expectAdded(gpu, op(addLayerNorm, 0.1), inputsOf(21, 12), places, (run) =>
      programsRun(gpu, run),
    );
    expect(names).toHaveLength(3);
    for (const name of names) expect(programs.get(name)).toMatchSnapshot(name);
    await expectNoFault('webgpu');
  });
});
