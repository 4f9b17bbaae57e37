/** Attention and pooling of packed sentences against stock operations, a sentence at a time, on both backends and at odd lengths. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attention, attentionReference } from '../../src/kernels/attention/attention.ts';
import { poolSentences, poolSentencesReference } from '../../src/kernels/pool-sentences.ts';
import { stepKey } from '../../src/kernels/random.ts';
import type { Sentences } from '../../src/kernels/sentences.ts';
import { backends, expectNoFault, selectBackend } from '../support/backends.ts';
import { expectSame, normal, type Op, run } from '../support/operations.ts';

/** Sentences of these lengths, and `tail` tokens that belong to none. */
function sentencesOf(lengths: number[], tail: number): Sentences {
  const host = Int32Array.from([0, ...lengths].map((_, row) => lengths.slice(0, row).reduce((a, b) => a + b, 0)));
  const tokens = host.at(-1)! + tail;
  return { rows: lengths.length, tokens, starts: tf.tensor1d(host, 'int32'), host: { starts: host } };
}

const shapes: [lengths: number[], tail: number][] = [
  [[1, 2], 0],
  [[7, 1, 13, 2], 0],
  [[5, 5], 3],
  [[33, 1, 8], 1],
];

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

  describe.each(shapes)('lengths %j, then %i tokens of no sentence', (lengths, tail) => {
    test.each([
      [1, 0],
      [3, 0],
      [3, 0.3],
    ])('attention of %i heads, dropout %f', async (heads, rate) => {
      const sentences = sentencesOf(lengths, tail);
      const inputs = [normal([sentences.tokens, 36], 1)];
      const newKey = () => tf.tensor1d([stepKey(1, 2)], 'int32');
      const op =
        (f: typeof attention, key: tf.Tensor1D | null): Op =>
        (qkv) =>
          f(qkv as tf.Tensor2D, sentences, { heads, drop: { rate, key: key ?? newKey(), place: 4 } });
      const key = newKey();
      // The oracle reads its key, which cannot be done at once with one that WebGPU has used.
      await expectSame(op(attention, key), op(attentionReference, null), inputs, 1e-5);
      tf.dispose([key, sentences.starts]);
    });

    test.each(['mean', 'mean_sqrt_len', 'first', 'max'] as const)('%s of each sentence', async (pooling) => {
      const sentences = sentencesOf(lengths, tail);
      const op: Op = (x) => poolSentences(x as tf.Tensor2D, sentences, pooling);
      await expectSame(op, (x) => poolSentencesReference(x as tf.Tensor2D, sentences, pooling), [
        normal([sentences.tokens, 6], 1),
      ]);
      sentences.starts.dispose();
    });
  });

  test('other places and steps drop other probabilities', async () => {
    const sentences = sentencesOf([9, 4], 0);
    const inputs = [normal([sentences.tokens, 12], 1)];
    const take = async (step: number, place: number) => {
      const key = tf.tensor1d([stepKey(1, step)], 'int32');
      const drop = { rate: 0.5, key, place };
      const [value] = await run((qkv) => attention(qkv as tf.Tensor2D, sentences, { heads: 2, drop }), inputs);
      key.dispose();
      return value;
    };
    const first = await take(1, 1);
    expect(await take(1, 1)).toEqual(first);
    expect(await take(1, 2)).not.toEqual(first);
    expect(await take(2, 1)).not.toEqual(first);
    tf.dispose([...inputs, sentences.starts]);
  });
});
