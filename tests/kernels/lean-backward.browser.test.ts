/** Lean gradients: those that tfjs takes by itself, and less memory on the way. */
import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { ByteMeter } from '../../src/kernels/byte-meter.ts';
import { leanBackward } from '../../src/kernels/lean-backward.ts';
import { recomputed } from '../../src/kernels/recompute.ts';
import { backends, selectBackend } from '../support/backends.ts';

/** One gradient for two inputs, and the incoming one for a third. */
const shared = tf.customGrad((a, b, c) => ({
  value: tf.add(tf.add(a as tf.Tensor, b as tf.Tensor), c as tf.Tensor),
  gradFunc: (dy) => {
    const same = tf.mul(dy as tf.Tensor, 1);
    return [same, same, dy as tf.Tensor];
  },
}));

/** Tensors that are used several times, by operations of all kinds. */
const chain = (x: tf.Tensor): tf.Tensor => {
  let y = x;
  for (let i = 0; i < 8; i++) y = tf.add(shared(tf.sin(y), tf.mul(y, x), y), tf.concat([y.slice(0, 50), y.slice(50)]));
  return y;
};

describe.each(backends)('on %s', (backend) => {
  beforeEach(() => selectBackend(backend));

  test('gradients are the same bit for bit, in less memory, and nothing is left', async () => {
    const x = tf.linspace(0.01, 0.1, 100);
    const before = tf.memory().numTensors;
    const take = (wrap: <T>(body: () => T) => T) => {
      const meter = new ByteMeter(0);
      const gradient = meter.within(() => tf.tidy(() => wrap(() => tf.grad((z) => tf.sum(chain(z)))(x))));
      return { gradient, peak: meter.peak };
    };
    const plain = take((body) => body());
    const lean = take(leanBackward);
    expect(await lean.gradient.data()).toEqual(await plain.gradient.data());
    expect(lean.peak).toBeLessThan(0.8 * plain.peak);
    tf.dispose([plain.gradient, lean.gradient]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(x);
  });

  test('a part that is recomputed within another has the same gradients', async () => {
    const [x, weight] = [tf.linspace(0.1, 1, 20), tf.variable(tf.linspace(1, 2, 20))];
    const part = (y: tf.Tensor) => tf.tanh(tf.mul(tf.sin(y), weight));
    const before = tf.memory().numTensors;
    const take = (again: (y: tf.Tensor) => tf.Tensor) =>
      tf.tidy(() => leanBackward(() => tf.variableGrads(() => tf.sum(again(again(x))) as tf.Scalar, [weight])));
    const plain = take(part);
    const nested = take((y) => recomputed((z) => recomputed(part, z, [weight]), y, [weight]));
    const [a, b] = [plain, nested].map(({ grads }) => Object.values(grads)[0]!);
    expect(Math.max(...(await b!.data()).map(Math.abs))).toBeGreaterThan(0.1);
    expect(await b!.data()).toEqual(await a!.data());
    tf.dispose([plain, nested].flatMap(({ value, grads }) => [value, ...Object.values(grads)]));
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, weight]);
  });
});
