/** Fused attention on WebGPU, both variants, against the reference in stock operations, and its gradient against differences. */
import '../../../src/kernels/attention/attention-webgpu.ts';
import '../../../src/kernels/attention/attention-gradient-webgpu.ts';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attentionReference } from '../../../src/kernels/attention/attention.ts';
import { stepKey } from '../../../src/kernels/random.ts';
import { runKernel } from '../../../src/kernels/run-kernel.ts';
import { expectNoFault, relativeError } from '../../support/backends.ts';
import { normal, type Op, onCpu, type Plain, valueAndGradients } from '../../support/gradients.ts';
import { currentGpu, selectVariant, variants } from '../../support/kernel-variants.ts';
import { programsOf } from '../../support/programs.ts';

const [seed, step, place] = [5, 7, 3];

type Options = { lengths: number[]; tail: number; heads: number; size: number; rate: number };

const startsOf = (lengths: number[]) =>
  Int32Array.from([0, ...lengths], (_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));

/** The kernels as an operation of query, key and value side by side. */
function fused({ lengths, heads, rate }: Options): Op {
  return tf.customGrad((...args) => {
    const [qkv, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const starts = tf.tensor1d(startsOf(lengths), 'int32');
    const inputs = [qkv, starts];
    if (rate > 0) inputs.push(tf.tensor1d([stepKey(seed, step)], 'int32'));
    const [out, statistics] = runKernel('EmbedsmithAttention', inputs, { heads, rate, place });
    save([qkv, starts, out!, statistics!]);
    return {
      value: out!,
      gradFunc: (dy, saved) =>
        runKernel('EmbedsmithAttentionGradient', [...(saved as tf.Tensor[]), dy as tf.Tensor], { heads, rate })[0]!,
    };
  });
}

const oracle =
  ({ lengths, heads, rate }: Options): Op =>
  (qkv) => {
    const drop = rate > 0 ? { rate, key: tf.tensor1d([stepKey(seed, step)], 'int32'), place } : null;
    const sentences = { host: { starts: startsOf(lengths) } };
    return attentionReference(qkv as tf.Tensor2D, sentences, { heads, drop });
  };

/** Query and key, whose numbers have this spread, and value. */
function inputsOf({ lengths, tail, heads, size }: Options, spread = 1): Plain[] {
  const tokens = startsOf(lengths).at(-1)! + tail;
  const hidden = heads * size;
  const { shape, values } = normal([tokens, 3 * hidden], 1);
  return [{ shape, values: values.map((value, i) => (i % (3 * hidden) < 2 * hidden ? spread * value : value)) }];
}

/** Query's, key's and value's columns of joined rows. */
const partsOf = (joined: Float32Array, hidden: number): Float32Array[] =>
  [0, 1, 2].map((part) => joined.filter((_, i) => Math.floor(i / hidden) % 3 === part));

async function expectSame(options: Options, spread: number, tolerance: number): Promise<void> {
  const inputs = inputsOf(options, spread);
  const hidden = options.heads * options.size;
  const split = ([out, gradient]: Float32Array[]) => [out!, ...partsOf(gradient!, hidden)];
  const found = split(await valueAndGradients(fused(options), inputs));
  const expected = split(await onCpu(oracle(options), inputs));
  const real = startsOf(options.lengths).at(-1)! * hidden;
  for (const [i, array] of expected.entries()) {
    expect(array).toHaveLength(real + options.tail * hidden);
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
    const [out, gradient] = await valueAndGradients(fused(options), inputs);
    const [dq, dk] = partsOf(gradient!, 8);
    expect([...out!]).toEqual([...partsOf(inputs[0]!.values, 8)[2]!]); // its probability is 1
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
    const [value, gradient] = await valueAndGradients(fused(options), inputs);
    const weights = normal([6, 6], 99).values; // what valueAndGradients weighs with
    const change = 0.01;
    expect(value).toHaveLength(weights.length);
    const [{ shape, values }] = inputs as [Plain];
    const lossAt = async (element: number, by: number) => {
      const moved = values.map((number, i) => (i === element ? number + by : number));
      const out = tf.tidy(() => fused(options)(tf.tensor(moved, shape)));
      const found = await out.data();
      out.dispose();
      return weights.reduce((sum, weight, i) => sum + weight * found[i]!, 0);
    };
    const slopes: number[] = [];
    for (let element = 0; element < values.length; element++) {
      slopes.push(((await lossAt(element, change)) - (await lossAt(element, -change))) / (2 * change));
    }
    for (const [i, part] of partsOf(Float32Array.from(slopes), 6).entries()) {
      expect(relativeError(partsOf(gradient!, 6)[i]!, part)).toBeLessThan(1e-3);
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
          tf.grad(fused(options))(tf.ones([2, 3 * size]));
        });
      }),
    );
    expect(programs).toHaveLength(6);
    for (const program of programs) expect(program.match(/var<storage/g)!.length).toBeLessThanOrEqual(8);
    expect(programs.join('\n\n')).toMatchSnapshot();
  });
});
