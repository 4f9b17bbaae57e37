/** Linear layers and feed-forward blocks of halves against their references, which have floats; and every variant of the products. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wgslOf } from '../../../src/kernels/device/program.ts';
import { narrow, widen } from '../../../src/kernels/halves.ts';
import { feedForward, feedForwardReference } from '../../../src/kernels/linear/feed-forward.ts';
import { linear, linearReference, linears } from '../../../src/kernels/linear/linear.ts';
import { addOuterProduct, multiply, type Variant } from '../../../src/kernels/linear/mat-mul-plan.ts';
import { registersProgram } from '../../../src/kernels/linear/mat-mul-registers.ts';
import { expectNoFault, relativeError } from '../../support/backends.ts';
import { normal, type Op, onCpu, type Plain, valueAndGradients } from '../../support/gradients.ts';
import { exact, expectClose, inHalves, rounding } from '../../support/halves.ts';
import { currentGpu, selectVariant, testOn, variants } from '../../support/kernel-variants.ts';

const layer =
  (op: typeof linear): Op =>
  (x, weight, bias) =>
    op(x as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D);

/** Three layers side by side beside what is passed on, as an encoder uses both. */
const joined: Op = (x, ...parameters) => {
  const weights = parameters.filter((_, i) => i % 2 === 0) as tf.Tensor2D[];
  const biases = parameters.filter((_, i) => i % 2 === 1) as tf.Tensor1D[];
  const [y, passed] = linears(x as tf.Tensor2D, weights, biases);
  return tf.add(linear(y, tf.ones([x.shape[1]!, y.shape[1]]), tf.zeros([x.shape[1]!])), passed);
};

const block: Op = (x, w1, b1, w2, b2) => {
  const layers = [
    [w1 as tf.Tensor2D, b1 as tf.Tensor1D],
    [w2 as tf.Tensor2D, b2 as tf.Tensor1D],
  ] as [[tf.Tensor2D, tf.Tensor1D], [tf.Tensor2D, tf.Tensor1D]];
  if (tf.getBackend() === 'cpu') return tf.add(feedForwardReference(x as tf.Tensor2D, ...layers, 'gelu'), x);
  return tf.add(...feedForward(x as tf.Tensor2D, ...layers, 'gelu'));
};

const parametersOf = (width: number, outs: number[]): Plain[] =>
  outs.flatMap((out, i) => [normal([out, width], 2 * i + 2, width ** -0.5), normal([out], 2 * i + 3)]);

describe.each(variants.slice(1))('on $variant', (variant) => {
  testOn(variant);

  const shapes = [
    [1, 4, 8],
    [7, 16, 32],
    [37, 64, 132],
    [301, 128, 164],
  ] as const;

  test.each(shapes)('linear, %i rows of %i to %i', async (rows, width, out) => {
    const inputs = [exact([rows, width], 1), ...parametersOf(width, [out])];
    const found = await valueAndGradients(inHalves(layer(linear), 1), inputs);
    expectClose(found, await onCpu(layer(linearReference), inputs), 2 * rounding);
  });

  test.each([
    [5, 8],
    [33, 36],
  ])('layers of one input side by side, and the input, %i rows of %i', async (rows, width) => {
    const inputs = [exact([rows, width], 1), ...parametersOf(width, [width, width, width])];
    const found = await valueAndGradients(inHalves(joined, 1), inputs);
    expectClose(found, await onCpu(joined, inputs), 4 * rounding);
  });

  test.each(shapes)('feed-forward with a residual, %i rows of %i by way of %i', async (rows, width, inner) => {
    const [first, second] = [parametersOf(width, [inner]), parametersOf(inner, [width])];
    const inputs = [exact([rows, width], 1), ...first, ...second];
    const found = await valueAndGradients(inHalves(block, 1), inputs);
    expectClose(found, await onCpu(block, inputs), 4 * rounding);
  });

  test('what rows of fours cannot hold is refused', () => {
    const op = () => tf.tidy(() => layer(linear)(narrow(tf.ones([2, 4])), tf.ones([3, 4]), tf.ones([3])));
    expect(op).toThrow('divide into fours');
  });
});

const registers = (rows: number, quads: number, lanes: 1 | 4): Variant => ({ kind: 'registers', rows, quads, lanes });
const products: Variant[] = [
  ...([32, 64, 128] as const).map((tile): Variant => ({ kind: 'tiled', tile })),
  registers(8, 2, 1),
  registers(16, 1, 4),
  registers(32, 4, 4),
];

describe('every variant of the products, against itself with floats', () => {
  beforeEach(() => selectVariant(variants[1]));
  afterEach(async () => {
    expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
    await expectNoFault('webgpu');
  });

  const make = ({ shape, values }: Plain, halves: boolean) =>
    halves ? narrow(tf.tensor(values, shape)) : tf.tensor(values, shape);

  /** c, u and sums of every ending, one after the other. */
  async function results(variant: Variant, halves: boolean): Promise<Float32Array[]> {
    const gpu = currentGpu();
    const made = tf.tidy(() => {
      const { p, q, r } = { p: 37, q: 132, r: 68 };
      const [a, dy] = [make(exact([p, r], 1), halves), make(exact([r, p + 3], 2), halves)];
      const weight = (shape: number[]) => make(normal(shape, 3, 0.1), false);
      const row = (seed: number) => make(exact([p, q], seed), halves);
      const [y, u, dx, sum, du, v] = [4, 5, 6, 7, 8, 9].map(row) as [tf.Tensor, ...tf.Tensor[]];
      const shape = { p, q, r };
      multiply(
        gpu,
        { form: 'nt', ending: 'gelu', shape },
        { a, b: weight([q, r]), c: y, bias: weight([q]), u: u! },
        variant,
      );
      multiply(gpu, { form: 'nn', ending: 'set', shape }, { a, b: weight([r, q]), c: dx! }, variant);
      multiply(gpu, { form: 'nn', ending: 'add', shape }, { a, b: weight([r, q]), c: sum! }, variant);
      multiply(gpu, { form: 'nn', ending: 'slope', shape }, { a, b: weight([r, q]), c: du!, u: v! }, variant);
      const of = { p: p + 3, q, r };
      const [c, sums] = [tf.zeros([of.p, q]), tf.zeros([of.p])];
      addOuterProduct(gpu, of, { a: dy, b: make(exact([r, q], 10), halves), c, sums }, variant);
      return [y, u!, dx!, sum!, du!, v!].map((x) => (halves ? widen(x) : x)).concat([c, sums]);
    });
    const arrays = await Promise.all(made.map(async (x) => (await x.data()) as Float32Array));
    tf.dispose(made);
    return arrays;
  }

  test.each(products.map((each) => [JSON.stringify(each), each] as const))('%s', async (_, variant) => {
    const [found, expected] = [await results(variant, true), await results(variant, false)];
    for (const [i, array] of expected.entries()) {
      expect(Math.max(...array.map(Math.abs)), `result ${i} is not all zeros`).toBeGreaterThan(0.1);
      expect(relativeError(found[i]!, array), `result ${i}`).toBeLessThan(i < 6 ? rounding : 1e-6);
    }
  });

  test('WGSL is what it was', () => {
    const product = { form: 'nn', ending: 'slope', aligned: true, storage: 'float16' } as const;
    expect(wgslOf(registersProgram(product, { rows: 4, quads: 1, lanes: 1 }))).toMatchSnapshot('slope');
    const sum = { ...product, ending: 'add' } as const;
    expect(wgslOf(registersProgram(sum, { rows: 4, quads: 1, lanes: 1 }))).toMatchSnapshot('add');
  });
});
