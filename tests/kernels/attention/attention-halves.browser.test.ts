/** Attention of halves on WebGPU, both variants, against the reference, which has floats. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, test } from 'vitest';
import { attention, attentionReference } from '../../../src/kernels/attention/attention.ts';
import { narrow } from '../../../src/kernels/halves.ts';
import { stepKey } from '../../../src/kernels/random.ts';
import { relativeError } from '../../support/backends.ts';
import { type Op, onCpu, valueAndGradients } from '../../support/gradients.ts';
import { exact, inHalves, rounding } from '../../support/halves.ts';
import { currentGpu, testOn, variants } from '../../support/kernel-variants.ts';
import { programsOf } from '../../support/programs.ts';

const lengths = [1, 7, 33, 128, 2];
const tail = 3;
const starts = Int32Array.from([0, ...lengths], (_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
const real = starts.at(-1)!;
const tokens = real + tail;

let kept: tf.Tensor[] = [];

const attend =
  (f: typeof attention | typeof attentionReference, heads: number, rate: number): Op =>
  (qkv) => {
    const places = tf.keep(tf.tensor1d(starts, 'int32')); // they must outlive the gradient
    kept.push(places);
    const drop = rate > 0 ? { rate, key: tf.tensor1d([stepKey(5, 7)], 'int32'), place: 3 } : null;
    const sentences = { rows: lengths.length, tokens, starts: places, host: { starts } };
    return f(qkv as tf.Tensor2D, sentences, { heads, drop });
  };

describe.each(variants.slice(1))('on $variant', (variant) => {
  testOn(variant);
  afterEach(() => {
    tf.dispose(kept);
    kept = [];
  });

  test.each([
    { heads: 2, size: 16, rate: 0 },
    { heads: 3, size: 16, rate: 0.1 },
    { heads: 2, size: 32, rate: 0.1 },
    { heads: 1, size: 64, rate: 0 },
    { heads: 2, size: 64, rate: 0.1 },
  ])('$heads heads of $size, dropout $rate', async ({ heads, size, rate }) => {
    const hidden = heads * size;
    const inputs = [exact([tokens, 3 * hidden], 1)];
    const [out, gradient] = await valueAndGradients(inHalves(attend(attention, heads, rate), 1), inputs);
    const [expected, slope] = await onCpu(attend(attentionReference, heads, rate), inputs);
    // Of each token: long sentences' means are small beside a single token's, and sums must not be rounded before they are complete.
    for (let token = 0; token < real; token++) {
      const row = (array: Float32Array) => array.subarray(token * hidden, (token + 1) * hidden);
      expect(relativeError(row(out!), row(expected!)), `token ${token}`).toBeLessThan(1.02 * rounding);
    }
    expect(relativeError(gradient!, slope!)).toBeLessThan(2 * rounding);
    expect(Math.max(...slope!)).toBeGreaterThan(0.1);
    expect(out!.subarray(real * hidden)).toEqual(new Float32Array(tail * hidden));
    expect(gradient!.subarray(3 * real * hidden)).toEqual(new Float32Array(3 * tail * hidden));
  });

  test('heads that do not divide into fours are refused', () => {
    expect(() => tf.tidy(() => attend(attention, 2, 0)(narrow(tf.ones([tokens, 12]))))).toThrow('heads of fours');
  });

  test('the programs are what they were, with at most 8 buffers', () => {
    const programs = programsOf(currentGpu(), () => {
      tf.tidy(() => {
        tf.grad((x) => inHalves(attend(attention, 1, 0.1), 1)(x))(tf.ones([tokens, 12]));
      });
    }).filter((program) => program.includes('running'));
    expect(programs).toHaveLength(3);
    for (const program of programs) expect(program.match(/var<storage/g)!.length).toBeLessThanOrEqual(8);
    expect(programs.join('\n\n')).toMatchSnapshot();
  });
});
