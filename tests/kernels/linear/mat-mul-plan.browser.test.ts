/** Every variant of the matrix products on SwiftShader, whatever the device would choose, against float64 JavaScript. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Dispatcher } from '../../../src/kernels/device/dispatch.ts';
import { wgslOf } from '../../../src/kernels/device/program.ts';
import { currentDispatcher } from '../../../src/kernels/device/webgpu.ts';
import { geluReference } from '../../../src/kernels/linear/gelu.ts';
import { addOuterProduct, multiply, type Variant, variantFor } from '../../../src/kernels/linear/mat-mul-plan.ts';
import { registersProgram } from '../../../src/kernels/linear/mat-mul-registers.ts';
import { tiledProgram } from '../../../src/kernels/linear/mat-mul-tiled.ts';
import type { Shape } from '../../../src/kernels/linear/tile-choices.ts';
import { expectNoFault, relativeError, selectBackend } from '../../support/backends.ts';
import { normal } from '../../support/operations.ts';

let gpu: Dispatcher;

beforeEach(async () => {
  await selectBackend('webgpu');
  gpu = currentDispatcher()!;
});
afterEach(async () => {
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

/** C [p, q] in float64 from functions of (row, step) and (step, column). */
function product({ p, q, r }: Shape, a: (i: number, k: number) => number, b: (k: number, j: number) => number) {
  const c = new Float64Array(p * q);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < q; j++) {
      for (let k = 0; k < r; k++) c[i * q + j]! += a(i, k) * b(k, j);
    }
  }
  return c;
}

async function readAll(tensors: tf.Tensor[]): Promise<Float32Array[]> {
  const arrays = await Promise.all(tensors.map(async (tensor) => (await tensor.data()) as Float32Array));
  tf.dispose(tensors);
  return arrays;
}

const close = (found: Float32Array, expected: ArrayLike<number>, tolerance = 5e-6) =>
  expect(relativeError(found, expected)).toBeLessThan(tolerance);

async function checkForward(shape: Shape, variant: Variant): Promise<void> {
  const { p, q, r } = shape;
  const [a, b, bias] = [normal([p, r], 1), normal([q, r], 2), normal([q], 3)];
  const [c, u] = [tf.zeros([p, q]), tf.zeros([p, q])];
  multiply(gpu, { form: 'nt', ending: 'gelu', shape }, { a, b, c, bias, u }, variant);
  const gelu = tf.tidy(() => geluReference(u));
  const [x, w, shift, y, before, expected] = await readAll([a, b, bias, c, u, gelu]);
  const sums = product(
    shape,
    (i, k) => x![i * r + k]!,
    (k, j) => w![j * r + k]!,
  );
  close(
    before!,
    sums.map((sum, i) => sum + shift![i % q]!),
  );
  close(y!, expected!);
}

async function checkInputGradient(shape: Shape, variant: Variant): Promise<void> {
  const { p, q, r } = shape;
  const [a, b] = [normal([p, r], 1), normal([r, q], 2)];
  const c = tf.fill([p, q], Number.NaN);
  multiply(gpu, { form: 'nn', ending: 'set', shape }, { a, b, c }, variant);
  multiply(gpu, { form: 'nn', ending: 'add', shape }, { a, b, c }, variant);
  const [dy, w, dx] = await readAll([a, b, c]);
  close(
    dx!,
    product(
      shape,
      (i, k) => 2 * dy![i * r + k]!,
      (k, j) => w![k * q + j]!,
    ),
  );
}

async function checkSlope(shape: Shape, variant: Variant): Promise<void> {
  const { p, q, r } = shape;
  const [a, b, u] = [normal([p, r], 1), normal([r, q], 2), normal([p, q], 3, 2)];
  const [y, slopes] = tf.tidy(() => [geluReference(u), tf.grad(geluReference)(u)]);
  const c = tf.zeros([p, q]);
  multiply(gpu, { form: 'nn', ending: 'slope', shape }, { a, b, c, u }, variant);
  const [dy, w, du, after, gelu, slope] = await readAll([a, b, c, u, y, slopes]);
  const sums = product(
    shape,
    (i, k) => dy![i * r + k]!,
    (k, j) => w![k * q + j]!,
  );
  close(
    du!,
    sums.map((sum, i) => sum * slope![i]!),
    4e-5, // the oracle is in stock operations, which lose digits at negative numbers
  );
  close(after!, gelu!, 4e-5);
}

async function checkWeightGradient(shape: Shape, variant: Variant): Promise<void> {
  const { p, q, r } = shape;
  const [a, b, c, sums] = [normal([r, p], 1), normal([r, q], 2), tf.fill([p, q], 3), tf.fill([p], 5)];
  addOuterProduct(gpu, shape, { a, b, c, sums }, variant);
  const [dy, x, dw, db] = await readAll([a, b, c, sums]);
  close(
    dw!,
    product(
      shape,
      (i, k) => dy![k * p + i]!,
      (k, j) => x![k * q + j]!,
    ).map((value) => 3 + value),
  );
  close(
    db!,
    product(
      { p, q: 1, r },
      (i, k) => dy![k * p + i]!,
      () => 1,
    ).map((value) => 5 + value),
  );
}

async function checkAll(shape: Shape, variant: Variant): Promise<void> {
  await checkForward(shape, variant);
  await checkInputGradient(shape, variant);
  await checkSlope(shape, variant);
  await checkWeightGradient(shape, variant);
}

const odd: Shape[] = [
  { p: 1, q: 1, r: 1 },
  { p: 7, q: 5, r: 3 },
  { p: 37, q: 33, r: 150 }, // several tiles, and slices
];
const even: Shape[] = [
  { p: 4, q: 4, r: 4 },
  { p: 140, q: 68, r: 36 },
  { p: 36, q: 132, r: 212 },
];

test.each(odd)('shared tiles of 32, scalars, $p × $q over $r', (shape) => checkAll(shape, { kind: 'tiled', tile: 32 }));
test.each(even)('shared tiles of 32, $p × $q over $r', (shape) => checkAll(shape, { kind: 'tiled', tile: 32 }));
test.each(even)('shared tiles of 64, $p × $q over $r', (shape) => checkAll(shape, { kind: 'tiled', tile: 64 }));
test.each(even)('shared tiles of 128, $p × $q over $r', (shape) => checkAll(shape, { kind: 'tiled', tile: 128 }));

const registers = (rows: number, quads: number, lanes: 1 | 4): Variant => ({ kind: 'registers', rows, quads, lanes });
test.each(odd)('registers alone, scalars, $p × $q over $r', (shape) => checkAll(shape, registers(4, 1, 1)));
test.each(even)('registers alone, $p × $q over $r', (shape) => checkAll(shape, registers(8, 2, 1)));
test.each(even)('registers of quads, $p × $q over $r', (shape) => checkAll(shape, registers(16, 1, 4)));
test.each(even)('large registers of quads, $p × $q over $r', (shape) => checkAll(shape, registers(32, 4, 4)));

// Rows that are summed over need not come in fours.
test.each([1, 38, 203])('gradients of a weight over %i rows', (r) =>
  checkWeightGradient({ p: 36, q: 132, r }, registers(32, 4, 4)),
);

test('numbers at the ends of the range pass through', async () => {
  const values = [3e38, -3e38, 2e-38, 0, 1e-30, Number.NaN, 1, -1];
  const shape = { p: 8, q: 4, r: 4 };
  const a = tf.tensor2d(
    values.flatMap((value) => [value, 0, 0, 0]),
    [8, 4],
  );
  const [b, c] = [tf.eye(4), tf.zeros([8, 4])];
  multiply(gpu, { form: 'nn', ending: 'set', shape }, { a, b, c }, { kind: 'tiled', tile: 32 });
  const [, , found] = await readAll([a, b, c]);
  expect([...found!].filter((_, i) => i % 4 === 0).slice(0, 5)).toEqual([...Float32Array.from(values.slice(0, 5))]);
  expect(found![20]).toBeNaN();
});

test('chooses by device and shape', () => {
  const choose = (software: boolean, shape: Shape) =>
    variantFor({ software, device: gpu.device } as Dispatcher, 'nt', shape);
  expect(choose(true, { p: 2048, q: 128, r: 128 })).toEqual(registers(32, 4, 4));
  expect(choose(true, { p: 32, q: 128, r: 128 })).toEqual(registers(16, 1, 4));
  expect(choose(true, { p: 32, q: 3, r: 128 })).toEqual(registers(4, 1, 1));
  expect(choose(false, { p: 8192, q: 768, r: 768 })).toEqual({ kind: 'tiled', tile: 128 });
  expect(choose(false, { p: 2048, q: 128, r: 128 })).toEqual({ kind: 'tiled', tile: 32 });
});

test('WGSL is what it was', () => {
  const product = { form: 'nt', ending: 'bias', aligned: true, storage: 'float32' } as const;
  expect(wgslOf(registersProgram(product, { rows: 4, quads: 1, lanes: 4 }))).toMatchSnapshot('registers');
  expect(
    wgslOf(
      registersProgram(
        { form: 'nn', ending: 'slope', aligned: true, storage: 'float32' },
        { rows: 4, quads: 1, lanes: 1 },
      ),
    ),
  ).toMatchSnapshot('slope');
  expect(
    wgslOf(tiledProgram({ form: 'tn', ending: 'partial', aligned: false, storage: 'float32' }, 32)),
  ).toMatchSnapshot('tiled');
});
