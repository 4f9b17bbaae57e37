/** Tensors of halves: what they hold, what refuses them, and every operation that takes them against its oracle, which has floats. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dispatcher } from '../../src/kernels/device/dispatch.ts';
import type { Program } from '../../src/kernels/device/program.ts';
import { narrow, widen } from '../../src/kernels/halves.ts';
import { addLayerNorm, addLayerNormReference } from '../../src/kernels/norm/add-layer-norm.ts';
import { embedTokens, embedTokensReference } from '../../src/kernels/norm/embed-tokens.ts';
import { indexTokens } from '../../src/kernels/norm/index-tokens.ts';
import { poolSentences, poolSentencesReference, type SentencePooling } from '../../src/kernels/pool-sentences.ts';
import { stepKey } from '../../src/kernels/random.ts';
import { BufferPool } from '../../src/kernels/recording/buffer-pool.ts';
import { Recording } from '../../src/kernels/recording/recording.ts';
import { expectNoFault, relativeError } from '../support/backends.ts';
import { normal, type Op, onCpu, placeNumbers, readBuffer, valueAndGradients } from '../support/gradients.ts';
import { exact, expectClose, inHalves, rounding } from '../support/halves.ts';
import { currentGpu, programsRun, selectVariant, testOn, variants, watchPrograms } from '../support/kernel-variants.ts';

let gpu: Dispatcher;
let kept: tf.Tensor[] = [];

const drop = (rate: number, place: number) =>
  rate > 0 ? { rate, key: tf.tensor1d([stepKey(7, 3)], 'int32'), place } : null;

const norms =
  (f: typeof addLayerNorm, rate: number): Op =>
  (x, residual, weight, bias) =>
    f(x as tf.Tensor2D, residual as tf.Tensor2D, weight as tf.Tensor1D, bias as tf.Tensor1D, 1e-12, drop(rate, 5));

const embeddings =
  (f: typeof embedTokens, rows: Int32Array[], rate: number): Op =>
  (weight, bias, ...tables) =>
    f(
      tables as tf.Tensor2D[],
      tf.tensor2d(indexTokens(rows), [2 * rows.length, rows[0]!.length], 'int32'),
      weight as tf.Tensor1D,
      bias as tf.Tensor1D,
      1e-12,
      drop(rate, 0),
      'float16',
    );

const pools =
  (f: typeof poolSentences, starts: number[], tokens: number, pooling: SentencePooling): Op =>
  (x) => {
    const sentences = { rows: starts.length - 1, tokens, host: { starts: Int32Array.from(starts) } };
    const places = tf.keep(tf.tensor1d(starts, 'int32')); // they must outlive the gradient
    kept.push(places);
    return f(x as tf.Tensor2D, { ...sentences, starts: places }, pooling);
  };

describe.each(variants.slice(1))('on $variant', (variant) => {
  testOn(variant);
  beforeEach(() => {
    gpu = currentGpu();
  });

  test.each([
    [1, 8, 0],
    [33, 128, 0.1],
    [17, 312, 0.3],
    [3, 1024, 0.1],
    [1500, 20, 0],
  ])('residual sum and norm, [%i, %i], dropout %f', async (rows, width, rate) => {
    const inputs = [exact([rows, width], 1, 1, 0.5), exact([rows, width], 2), normal([width], 3), normal([width], 4)];
    const found = await valueAndGradients(inHalves(norms(addLayerNorm, rate), 2), inputs);
    expectClose(found, await onCpu(norms(addLayerNormReference, rate), inputs), 2 * rounding);
  });

  test.each([
    [1, 8, 0],
    [33, 128, 0.1],
    [65, 312, 0.1],
    [1030, 12, 0],
  ])('embeddings of %i tokens of %i elements, dropout %f', async (tokens, width, rate) => {
    const rows = [40, 11, 2].map((count, k) => Int32Array.from({ length: tokens }, (_, i) => (i * (7 + k)) % count));
    const tables = [40, 11, 2].map((count, k) => normal([count, width], 3 + k));
    const inputs = [normal([width], 1), normal([width], 2), ...tables];
    const found = await valueAndGradients(inHalves(embeddings(embedTokens, rows, rate), 0), inputs);
    expectClose(found, await onCpu(embeddings(embedTokensReference, rows, rate), inputs), 2 * rounding);
  });

  test('the programs are what they were', async () => {
    const programs = watchPrograms(gpu);
    const names = programsRun(gpu, () =>
      tf.tidy(() => {
        const x = (shape: number[]) => tf.ones(shape);
        const rows = [Int32Array.of(0, 1)];
        tf.grads(inHalves(norms(addLayerNorm, 0.1), 2))([x([2, 36]), x([2, 36]), x([36]), x([36])], x([2, 36]));
        tf.grads(inHalves(embeddings(embedTokens, rows, 0.1), 0))([x([36]), x([36]), x([2, 36])], x([2, 36]));
      }),
    );
    const own = names.filter((name) => name.endsWith('-float16'));
    expect(own).toHaveLength(4);
    for (const name of own) expect(programs.get(name)).toMatchSnapshot(name);
  });
});

describe('on webgpu', () => {
  beforeEach(async () => {
    await selectVariant(variants[1]);
    gpu = currentGpu();
  });
  afterEach(async () => {
    tf.dispose(kept);
    kept = [];
    expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
    await expectNoFault('webgpu');
  });

  test.each((['mean', 'mean_sqrt_len', 'first', 'max'] as const).map((pooling) => [pooling]))(
    '%s of sentences, and tokens of none',
    async (pooling) => {
      const [starts, inputs] = [[0, 1, 8, 11], [exact([13, 12], 1)]];
      const [y, dx] = await valueAndGradients(inHalves(pools(poolSentences, starts, 13, pooling), 1), inputs);
      const expected = await onCpu(pools(poolSentencesReference as typeof poolSentences, starts, 13, pooling), inputs);
      expect(relativeError(y!, expected[0]!), 'sums are of floats').toBeLessThan(1e-6);
      expect(relativeError(dx!, expected[1]!)).toBeLessThan(rounding);
      expect(dx!.subarray(11 * 12)).toEqual(new Float32Array(24));
    },
  );

  test('halves are numbers to 11 bits; what they cannot hold is none', async () => {
    const cases: [number, number][] = [
      [0, 0],
      [-0, -0],
      [1, 1],
      [-2.5, -2.5],
      [1 / 3, 0.333251953125],
      [65504, 65504],
      [-65519, -65504],
      [2 ** -14, 2 ** -14],
      [65520, Number.NaN],
      [-1e30, Number.NaN],
      [Number.NaN, Number.NaN],
      [1e-4, 0.00010001659393310547],
    ];
    const x = tf.tidy(() => narrow(tf.tensor1d(cases.map(([value]) => value))));
    const wide = widen(x);
    for (const found of [await x.data(), await wide.data()]) {
      expect([...found].map((value) => value + 0)).toEqual(cases.map(([, half]) => half + 0));
    }
    expect(gpu.binding(x).size).toBe(24);
    expect([gpu.isHalf(x), gpu.isHalf(wide)]).toEqual([true, false]);
    tf.dispose([x, wide]);
  });

  test('copies and other shapes of halves are halves, and so are their sums', async () => {
    const x = tf.tidy(() => narrow(tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 0.1])));
    const [copy, matrix] = [tf.clone(x), x.reshape([2, 4])];
    expect([gpu.isHalf(copy), gpu.isHalf(matrix)]).toEqual([true, true]);
    const sum = tf.add(x, copy);
    expect(gpu.isHalf(sum)).toBe(true);
    expect([...(await sum.data())]).toEqual([2, 4, 6, 8, 10, 12, 14, 2 * 0.0999755859375]);
    expect([...(await matrix.data())]).toEqual([...(await x.data())]);
    tf.dispose([x, copy, matrix, sum]);
    const next = tf.tensor1d([1, 2, 3, 4]);
    const floats = tf.add(next, 1);
    expect([...(await floats.data())]).toEqual([2, 3, 4, 5]);
    tf.dispose([next, floats]);
  });

  test('what reads floats refuses halves, and rows must divide into fours', () => {
    const x = tf.tidy(() => narrow(tf.tensor1d([1, 2, 3, 4])));
    const floats = tf.tensor1d([1, 2, 3, 4]);
    const code = '@compute @workgroup_size(1) fn main() { _ = &x; }';
    const program: Program = { name: 'test-floats', buffers: { x: 'read f32' }, uniforms: {}, code };
    const halves: Program = { name: 'test-halves', buffers: { x: 'read half4' }, uniforms: {}, code };
    expect(() => tf.tidy(() => tf.square(x))).toThrow('cannot read halves');
    expect(() => tf.tidy(() => tf.add(x, floats))).toThrow('cannot read halves');
    expect(() => x.dataSync()).toThrow('cannot be read at once');
    expect(() => gpu.run(program, { x }, {}, [1, 1, 1])).toThrow('test-floats takes no halves as x');
    expect(() => gpu.run(halves, { x: floats }, {}, [1, 1, 1])).toThrow('test-halves takes halves as x');
    expect(() => gpu.create([4, 6], 'float16')).toThrow('divide into fours: [4, 6]');
    tf.dispose([x, floats]);
  });

  test('a recorded step uses the buffers of halves again, which are half as large', async () => {
    const pool = new BufferPool(gpu.device);
    const numbers = Float32Array.from({ length: 4096 }, (_, i) => i % 100);
    const [input, output] = [placeNumbers(gpu.device, numbers), placeNumbers(gpu.device, new Float32Array(4096))];
    const copy: Program = {
      name: 'test-copy',
      buffers: { x: 'read f32', y: 'write f32' },
      uniforms: {},
      code: '@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u) { y[id.x] = x[id.x]; }',
    };
    const x = gpu.adopt(input, 4096, 'float32');
    const body = () =>
      tf.tidy(() => {
        let h: tf.Tensor = narrow(x);
        for (let i = 0; i < 5; i++) h = tf.tidy(() => tf.add(h, narrow(x)));
        gpu.run(copy, { x: widen(h), y: { buffer: output } }, {}, [64, 1, 1]);
      });
    const recording = new Recording(gpu, pool, body, null);
    gpu.device.queue.writeBuffer(
      input,
      0,
      numbers.map((value) => 2 * value),
    );
    recording.replay();
    expect(await readBuffer(gpu.device, output)).toEqual(numbers.map((value) => 12 * value));
    expect(pool.bytes, 'seven halves and the floats').toBeLessThanOrEqual(7 * 8192 + 16384);
    recording.dispose();
    tf.dispose(x);
    input.destroy();
    output.destroy();
  });
});
