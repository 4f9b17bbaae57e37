/** Fused attention on WebGPU, both variants, against the reference in stock operations, and its gradient against differences. */
import '../../../src/kernels/attention/attention-webgpu.ts';
import '../../../src/kernels/attention/attention-gradient-webgpu.ts';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attentionReference } from '../../../src/kernels/attention/attention.ts';
import { stepKey } from '../../../src/kernels/random.ts';
import { runKernel } from '../../../src/kernels/run-kernel.ts';
import { expectNoFault, relativeError } from '../../support/backends.ts';
import { normal, type Op, onCpu, valueAndGradients } from '../../support/gradients.ts';
import { currentGpu, selectVariant, variants } from '../../support/kernel-variants.ts';
import { programsOf } from '../../support/programs.ts';

const [seed, step, place] = [5, 7, 3];

type Options = { lengths: number[]; tail: number; heads: number; size: number; rate: number };

const startsOf = (lengths: number[]) =>
  Int32Array.from([0, ...lengths], (_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));

/** The kernels as an operation of query, key and value. */
function fused({ lengths, heads, rate }: Options): Op {
  return tf.customGrad((...args) => {
    const [query, key, value, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const starts = tf.tensor1d(startsOf(lengths), 'int32');
    const inputs = [query, key, value, starts];
    if (rate > 0) inputs.push(tf.tensor1d([stepKey(seed, step)], 'int32'));
    const [out, statistics] = runKernel('EmbedsmithAttention', inputs, { heads, rate, place });
    save([query, key, value, starts, out!, statistics!]);
    return {
      value: out!,
      gradFunc: (dy, saved) =>
        runKernel('EmbedsmithAttentionGradient', [...(saved as tf.Tensor[]), dy as tf.Tensor], { heads, rate }),
    };
  });
}

const oracle =
  ({ lengths, heads, rate }: Options): Op =>
  (...inputs) => {
    const drop = rate > 0 ? { rate, key: tf.tensor1d([stepKey(seed, step)], 'int32'), place } : null;
    const sentences = { host: { starts: startsOf(lengths) } };
    return attentionReference(inputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D], sentences, { heads, drop });
  };

function inputsOf({ lengths, tail, heads, size }: Options, spread = 1) {
  const tokens = startsOf(lengths).at(-1)! + tail;
  return [1, 2, 3].map((input) => normal([tokens, heads * size], input, input < 3 ? spread : 1));
}

async function expectSame(options: Options, spread: number, tolerance: number): Promise<void> {
  const inputs = inputsOf(options, spread);
  const found = await valueAndGradients(fused(options), inputs);
  const expected = await onCpu(oracle(options), inputs);
  expect(found).toHaveLength(4);
  const real = startsOf(options.lengths).at(-1)! * options.heads * options.size;
  for (const [i, array] of expected.entries()) {
    expect(Math.max(...array.map(Math.abs)), `output ${i} is not all zeros`).toBeGreaterThan(0);
    expect(relativeError(found[i]!, array), `output ${i}`).toBeLessThan(tolerance);
    expect(
      found[i]!.subarray(real).every((value) => value === 0),
      `tail of output ${i}`,
    ).toBe(true);
  }
}

describe.each(variants.filter(({ backend }) => backend === 'webgpu'))('$variant', (variant) => {
  let tensors: number;
  beforeEach(async () => {
    await selectVariant(variant);
    tensors = tf.memory().numTensors;
  });
  afterEach(async () => {
    expect(tf.memory().numTensors, 'no tensor is left').toBe(tensors);
    await expectNoFault('webgpu');
  });

  test.each([
    { heads: 1, size: 4 },
    { heads: 3, size: 7 },
    { heads: 2, size: 26 },
    { heads: 3, size: 32 },
    { heads: 2, size: 64 },
    { heads: 2, size: 1 },
  ])('$heads heads of $size, with and without dropout, sentences of 1 to 130 tokens', async ({ heads, size }) => {
    for (const rate of [0, 0.1]) {
      await expectSame({ lengths: [1, 7, 33, 2, 130], tail: 5, heads, size, rate }, 1, 1e-5);
    }
  });

  test('a single token, no tail', async () => {
    const options = { lengths: [1], tail: 0, heads: 1, size: 8, rate: 0 };
    const inputs = inputsOf(options);
    const [out, dq, dk] = await valueAndGradients(fused(options), inputs);
    expect([...out!]).toEqual([...inputs[2]!.values]); // its probability is 1
    expect(Math.max(...dq!.map(Math.abs), ...dk!.map(Math.abs))).toBeLessThan(1e-6);
  });

  test('empty sentences', async () => {
    await expectSame({ lengths: [0, 3, 0, 40, 0], tail: 2, heads: 2, size: 4, rate: 0.2 }, 1, 1e-5);
  });

  test('scores far beyond the range of exp', async () => {
    // Scores have a deviation of 144: e to their power is no float32.
    await expectSame({ lengths: [40, 9], tail: 3, heads: 2, size: 16, rate: 0.1 }, 12, 3e-4);
  });

  test('the gradients are the slopes of differences', async () => {
    const options = { lengths: [3, 2], tail: 1, heads: 2, size: 3, rate: 0.2 };
    const inputs = inputsOf(options);
    const [, ...gradients] = await valueAndGradients(fused(options), inputs);
    const weights = normal(inputs[0]!.shape, 99).values; // what valueAndGradients weighs with
    const change = 0.01;
    const lossAt = async (input: number, element: number, by: number) => {
      const moved = inputs.map(({ shape, values }, i) => ({
        shape,
        values: i === input ? values.map((value, e) => (e === element ? value + by : value)) : values,
      }));
      const out = tf.tidy(() => fused(options)(...moved.map(({ shape, values }) => tf.tensor(values, shape))));
      const values = await out.data();
      out.dispose();
      return weights.reduce((sum, weight, i) => sum + weight * values[i]!, 0);
    };
    for (const [input, gradient] of gradients.entries()) {
      const slopes: number[] = [];
      for (let element = 0; element < gradient.length; element++) {
        slopes.push(((await lossAt(input, element, change)) - (await lossAt(input, element, -change))) / (2 * change));
      }
      expect(relativeError(gradient, slopes)).toBeLessThan(1e-3);
    }
  });

  test('the same bits each time', async () => {
    const options = { lengths: [50, 14], tail: 0, heads: 2, size: 32, rate: 0.1 };
    const first = await valueAndGradients(fused(options), inputsOf(options));
    expect(await valueAndGradients(fused(options), inputsOf(options))).toEqual(first);
  });

  test('the programs are what they were, with at most 8 buffers', () => {
    const programs = [3, 4].flatMap((size) =>
      programsOf(currentGpu(), () => {
        tf.tidy(() => {
          const options = { lengths: [2], tail: 0, heads: 1, size, rate: size === 4 ? 0.1 : 0 };
          tf.grads(fused(options))([1, 2, 3].map(() => tf.ones([2, size])));
        });
      }),
    );
    expect(programs).toHaveLength(6);
    for (const program of programs) expect(program.match(/var<storage/g)!.length).toBeLessThanOrEqual(8);
    expect(programs.join('\n\n')).toMatchSnapshot();
  });
});
