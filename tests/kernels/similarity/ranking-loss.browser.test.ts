/** The ranking loss, normalisation and cosines of rows: against float64 JavaScript, forward and backward, on both backends. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { currentDispatcher } from '../../../src/kernels/device/webgpu.ts';
import { hasKernel } from '../../../src/kernels/run-kernel.ts';
import { logSumExp } from '../../../src/kernels/similarity/log-sum-exp.ts';
import { normalizeRows, normalizeRowsReference } from '../../../src/kernels/similarity/normalize-rows.ts';
import { rankingLoss, rankingLossReference } from '../../../src/kernels/similarity/ranking-loss.ts';
import { rowCosines, rowCosinesReference } from '../../../src/kernels/similarity/row-cosines.ts';
import { expectNoFault, selectBackend } from '../../support/backends.ts';
import { expectSame, normal } from '../../support/operations.ts';
import { programsOf } from '../../support/programs.ts';

/** The backends, and WebGPU with the programs of a GPU although it is a software adapter. */
const devices = ['wasm', 'webgpu', 'webgpu as a GPU'] as const;

const draw = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233 + (i * i) / 7));

const rowOf = (x: ArrayLike<number>, i: number, width: number) =>
  Array.from({ length: width }, (_, j) => x[i * width + j]!);
const dot = (a: number[], b: number[]) => a.reduce((sum, x, j) => sum + x * b[j]!, 0);
const unit = (row: number[]) => row.map((x) => x / Math.max(Math.sqrt(dot(row, row)), 1e-12));

/** The formula, in float64. */
function lossOf(a: ArrayLike<number>, c: ArrayLike<number>, width: number, scale: number, symmetric: boolean): number {
  const anchors = Array.from({ length: a.length / width }, (_, i) => unit(rowOf(a, i, width)));
  const candidates = Array.from({ length: c.length / width }, (_, i) => unit(rowOf(c, i, width)));
  const cost = (query: number[], against: number[][], own: number) => {
    const logits = against.map((x) => scale * dot(query, x));
    const highest = Math.max(...logits);
    return highest + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - highest), 0)) - logits[own]!;
  };
  const n = anchors.length;
  const forward = anchors.reduce((sum, x, i) => sum + cost(x, candidates, i), 0) / n;
  if (!symmetric) return forward;
  return (forward + candidates.slice(0, n).reduce((sum, x, i) => sum + cost(x, anchors, i), 0) / n) / 2;
}

/** Its slopes at some places, by central differences with the error of their fourth power. */
function slopesOf(x: Float32Array, places: number[], loss: (x: Float64Array) => number): number[] {
  return places.map((place) => {
    const at = (offset: number) => {
      const moved = Float64Array.from(x);
      moved[place]! += offset;
      return loss(moved);
    };
    const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
    return (4 * slope(1e-4) - slope(2e-4)) / 3;
  });
}

async function evaluate(a: Float32Array, c: Float32Array, width: number, scale: number, symmetric: boolean) {
  const inputs = [a, c].map((x) => tf.tensor2d(x, [x.length / width, width]));
  // The loss is also multiplied, so that the incoming gradient is not 1.
  const { value, grads } = tf.tidy(() =>
    tf.valueAndGrads((x, y) => tf.mul(rankingLoss(x as tf.Tensor2D, y as tf.Tensor2D, scale, { symmetric }), 3))(
      inputs,
    ),
  );
  const [loss, da, dc] = await Promise.all([value, ...grads].map((tensor) => tensor.data()));
  tf.dispose([...inputs, value, ...grads]);
  return { loss: loss![0]! / 3, da: da!.map((x) => x / 3), dc: dc!.map((x) => x / 3) };
}

describe.each(devices)('on %s', (device) => {
  const backend = device === 'wasm' ? 'wasm' : 'webgpu';
  let tensors = 0;

  beforeEach(async () => {
    await selectBackend(backend);
    const gpu = currentDispatcher();
    if (gpu) Object.assign(gpu, { software: device === 'webgpu' });
    tensors = tf.memory().numTensors;
  });
  afterEach(async () => {
    expect(tf.memory().numTensors, 'no tensor is left').toBe(tensors);
    const gpu = currentDispatcher();
    if (gpu) Object.assign(gpu, { software: true });
    await expectNoFault(backend);
  });

  test.each(
    [
      { n: 1, m: 1, width: 1, scale: 20 },
      { n: 1, m: 7, width: 4, scale: 20 },
      { n: 7, m: 7, width: 3, scale: 5 },
      { n: 13, m: 26, width: 5, scale: 20 },
      { n: 17, m: 51, width: 312, scale: 100 },
      { n: 33, m: 33, width: 8, scale: 1 },
      { n: 35, m: 70, width: 68, scale: 10 },
    ].flatMap((sizes) => [
      { ...sizes, symmetric: false },
      { ...sizes, symmetric: true },
    ]),
  )(
    '$n anchors, $m candidates of width $width, scale $scale, symmetric $symmetric',
    async ({ n, m, width, scale, symmetric }) => {
      const a = draw(n * width, 1);
      // Candidates near their anchors, so that no gradient is all zeros.
      const c = draw(m * width, 2).map((x, i) => x + 0.3 * (a[i] ?? 0));
      const { loss, da, dc } = await evaluate(a, c, width, scale, symmetric);
      expect(Math.abs(loss - lossOf(a, c, width, scale, symmetric))).toBeLessThan(2e-5 * (1 + loss));
      const some = (count: number) =>
        Array.from({ length: Math.min(count, 7) }, (_, k) => Math.floor((k * count) / Math.min(count, 7)));
      const [placesA, placesC] = [some(a.length), some(c.length)];
      const slopesA = slopesOf(a, placesA, (x) => lossOf(x, c, width, scale, symmetric));
      const slopesC = slopesOf(c, placesC, (x) => lossOf(a, x, width, scale, symmetric));
      const largest = Math.max(...[...slopesA, ...slopesC].map(Math.abs));
      if (width > 1 && m > 1) expect(largest).toBeGreaterThan(1e-5);
      for (const [k, place] of placesA.entries())
        expect(Math.abs(da[place]! - slopesA[k]!)).toBeLessThan(1e-6 + 1e-4 * largest);
      for (const [k, place] of placesC.entries())
        expect(Math.abs(dc[place]! - slopesC[k]!)).toBeLessThan(1e-6 + 1e-4 * largest);
    },
  );

  test('equal rows share the probability', async () => {
    const x = Float32Array.from({ length: 6 * 5 }, (_, i) => 1 + (i % 5));
    const { loss, da, dc } = await evaluate(x, x, 5, 100, true);
    expect(loss).toBeCloseTo(Math.log(6), 4);
    expect(Math.max(...da.map(Math.abs), ...dc.map(Math.abs))).toBeLessThan(1e-4);
  });

  test('rows of zeros are finite; large and small rows are as others', async () => {
    const a = draw(5 * 8, 1).map((x, i) => (i < 8 ? 0 : i < 16 ? x * 1e15 : i < 24 ? x * 1e-10 : x));
    const c = draw(5 * 8, 2).map((x, i) => (i >= 32 ? 0 : x));
    const { loss, da, dc } = await evaluate(a, c, 8, 100, true);
    expect(Math.abs(loss / lossOf(a, c, 8, 100, true) - 1)).toBeLessThan(1e-4);
    for (const x of [...da, ...dc]) expect(Number.isFinite(x)).toBe(true);
    expect(da.subarray(8, 40).some((x) => x !== 0)).toBe(true);
  });

  test('a scale of 100 on opposite and equal embeddings does not overflow', async () => {
    const a = Float32Array.of(1, 0, -1, 0, 0, 1);
    const { loss, da } = await evaluate(
      a,
      a.map((x) => -x),
      2,
      100,
      false,
    );
    expect(
      Math.abs(
        loss -
          lossOf(
            a,
            a.map((x) => -x),
            2,
            100,
            false,
          ),
      ),
    ).toBeLessThan(1e-3);
    expect(da.every(Number.isFinite)).toBe(true);
  });

  test('agrees with its reference everywhere', async () => {
    for (const symmetric of [false, true]) {
      await expectSame(
        (a, c) => rankingLoss(a as tf.Tensor2D, c as tf.Tensor2D, 20, { symmetric }),
        (a, c) => rankingLossReference(a as tf.Tensor2D, c as tf.Tensor2D, 20, symmetric),
        [normal([19, 36], 1), normal([45, 36], 2)],
        1e-4,
      );
    }
  });

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

  if (backend === 'webgpu') {
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

    test('six dispatches, whose programs are what they were', () => {
      expect(hasKernel('EmbedsmithRankingLoss')).toBe(true);
      for (const width of [3, 4]) {
        const inputs = [tf.ones([2, width]), tf.ones([3, width])];
        const seen = programsOf(currentDispatcher()!, () => {
          const compute = tf.grads((a, c) => rankingLoss(a as tf.Tensor2D, c as tf.Tensor2D, 20, { symmetric: true }));
          tf.dispose(compute(inputs));
        });
        expect(seen).toHaveLength(6);
        expect([...new Set(seen)].join('\n\n')).toMatchSnapshot();
        tf.dispose(inputs);
      }
    });
  }
});
