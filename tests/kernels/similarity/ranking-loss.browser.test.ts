/** The ranking loss against float64 JavaScript, forward and backward, in every variant. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { currentDispatcher } from '../../../src/kernels/device/webgpu.ts';
import { hasKernel } from '../../../src/kernels/run-kernel.ts';
import { rankingLoss, rankingLossReference } from '../../../src/kernels/similarity/ranking-loss.ts';
import { testOn, variants } from '../../support/kernel-variants.ts';
import { expectSame, normal } from '../../support/operations.ts';
import { programsOf } from '../../support/programs.ts';

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

describe.each(variants)('on $variant', (variant) => {
  testOn(variant);

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

  if (variant.backend === 'webgpu') {
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
