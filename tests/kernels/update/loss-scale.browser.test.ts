/** Loss scaling: divided out exactly, lowered where a gradient overflows, raised after many good steps, and given up at its least. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dispatcher } from '../../../src/kernels/device/dispatch.ts';
import {
  adjustLossScale,
  isSkipped,
  lossScaling,
  scaleGradient,
  startLossScale,
} from '../../../src/kernels/update/loss-scale.ts';
import {
  createJournal,
  type Journal,
  journalWords,
  readJournal,
  writeJournal,
} from '../../../src/kernels/update/step-journal.ts';
import {
  sumGradientSquares,
  type UpdateRule,
  updateParameters,
} from '../../../src/kernels/update/update-parameters.ts';
import { partialsOfChunk } from '../../../src/kernels/update/update-threads.ts';
import { expectNoFault, relativeError, selectBackend } from '../../support/backends.ts';
import { normal, placeNumbers, readBuffer } from '../../support/gradients.ts';
import { currentGpu } from '../../support/kernel-variants.ts';
import { programsOf } from '../../support/programs.ts';

let gpu: Dispatcher;
let made: GPUBuffer[] = [];

beforeEach(async () => {
  await selectBackend('webgpu');
  gpu = currentGpu();
});
afterEach(async () => {
  for (const buffer of made) buffer.destroy();
  made = [];
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

function place(values: Float32Array<ArrayBuffer>): { buffer: GPUBuffer } {
  const buffer = placeNumbers(gpu.device, values);
  made.push(buffer);
  return { buffer };
}

const floats = 1024;
const draw = (seed: number) => new Float32Array(normal([floats], seed).values);
const kinds = ['adamw', 'adam', 'sgd'] as const;
const ruleOf = (kind: UpdateRule['kind'], scaled: boolean): UpdateRule => ({
  kind,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0.9,
  maxGradNorm: 1,
  scaled,
});

/** Parameters that are trained by steps of given gradients. */
class Trainee {
  readonly journal: Journal;
  private readonly rule: UpdateRule;
  private readonly software: boolean;
  private readonly parameters = place(draw(1));
  private readonly m = place(new Float32Array(floats));
  private readonly v = place(new Float32Array(floats));
  private readonly groups = place(Float32Array.from({ length: floats / 128 }, (_, i) => (i % 2 === 0 ? 1 : 0.1)));
  private step = 0;

  constructor(rule: UpdateRule, software: boolean) {
    this.rule = rule;
    this.software = software;
    this.journal = createJournal(gpu.device, 4);
    made.push(this.journal.buffer);
    if (rule.scaled) startLossScale(gpu.device.queue, this.journal);
  }

  /** A step, and what the journal has of it. */
  async train(gradients: Float32Array<ArrayBuffer>, loss = 0.5) {
    const { rule, journal, software, parameters, m, v, groups } = this;
    const step = ++this.step;
    writeJournal(gpu.device.queue, journal, { step, learningRate: 0.01, beta1: rule.beta1, beta2: rule.beta2 });
    const own = { floats, parameters, gradients: place(gradients), m, v: rule.kind === 'sgd' ? null : v, groups };
    const partials = place(new Float32Array(partialsOfChunk));
    sumGradientSquares(gpu, own, partials, 0, software);
    updateParameters(gpu, own, { partials, chunks: 1, loss: place(Float32Array.of(loss)) }, journal, rule, software);
    if (rule.scaled) adjustLossScale(gpu, journal, rule);
    gpu.submit();
    const { failedAt, entryOf } = await readJournal(gpu.device, journal);
    return { failedAt, ...entryOf(step) };
  }

  read = async () => Promise.all([this.parameters, this.m, this.v].map(({ buffer }) => readBuffer(gpu.device, buffer)));

  /** The scale of the next step. */
  scale = async () => (await readBuffer(gpu.device, this.journal.buffer))[journalWords.lossScale]!;

  setScale(scale: number): void {
    gpu.device.queue.writeBuffer(this.journal.buffer, 4 * journalWords.lossScale, Float32Array.of(scale));
  }

  setGood(steps: number): void {
    gpu.device.queue.writeBuffer(this.journal.buffer, 4 * journalWords.good, Uint32Array.of(steps));
  }
}

const times = (values: Float32Array, factor: number) => Float32Array.from(values, (x) => x * factor);

describe.each([true, false])('threads of a software adapter: %s', (software) => {
  test.each(kinds)('%s divides the scale out', async (kind) => {
    const [plain, scaled] = [false, true].map((each) => new Trainee(ruleOf(kind, each), software)) as [
      Trainee,
      Trainee,
    ];
    for (const seed of [2, 3, 4]) {
      const expected = await plain.train(draw(seed));
      const found = await scaled.train(times(draw(seed), lossScaling.first));
      expect(expected.lossScale).toBeNull();
      expect(found).toEqual({ ...expected, lossScale: lossScaling.first }); // a power of 2 costs no bit
    }
    const [after, wanted] = [await scaled.read(), await plain.read()];
    if (kind === 'sgd') expect(after).toEqual(wanted);
    const began = draw(1);
    const moved = ([p]: Float32Array[]) => p!.map((x, i) => x - began[i]!);
    expect(relativeError(moved(after), moved(wanted))).toBeLessThan(1e-4); // βᵗ in floats
    for (const slot of kind === 'sgd' ? [1] : [1, 2]) {
      expect(relativeError(after[slot]!, wanted[slot]!)).toBeLessThan(1e-5);
    }
  });

  test.each([
    ['infinite', Number.POSITIVE_INFINITY],
    ['none', Number.NaN],
  ])('a gradient that is %s leaves its step out and lowers the scale', async (_, value) => {
    const trainee = new Trainee(ruleOf('adamw', true), software);
    const before = await trainee.read();
    const bad = times(draw(2), lossScaling.first);
    bad[700] = value;
    const skipped = await trainee.train(bad);
    expect(skipped).toMatchObject({ failedAt: null, loss: 0.5, lossScale: 65536 });
    expect(isSkipped(skipped)).toBe(true);
    expect(await trainee.read()).toEqual(before);
    expect(await trainee.scale()).toBe(32768);
    // The next one is as the first of a run is.
    const next = await trainee.train(times(draw(3), 32768));
    expect(isSkipped(next)).toBe(false);
    const fresh = new Trainee(ruleOf('adamw', true), software);
    const expected = await fresh.train(times(draw(3), 65536));
    expect(next).toEqual({ ...expected, lossScale: 32768 });
    expect(await trainee.read()).toEqual(await fresh.read());
  });

  test('the scale doubles after so many good steps in a row', async () => {
    const trainee = new Trainee(ruleOf('sgd', true), software);
    trainee.setGood(lossScaling.interval - 2);
    await trainee.train(draw(2));
    expect(await trainee.scale()).toBe(65536);
    await trainee.train(draw(2));
    expect(await trainee.scale()).toBe(131072);
    trainee.setGood(lossScaling.interval - 1);
    await trainee.train(draw(2).fill(Number.NaN));
    await trainee.train(draw(2));
    expect(await trainee.scale(), 'in a row').toBe(65536);
  });

  test('where no smaller scale is left the run has failed, and nothing changes any more', async () => {
    const trainee = new Trainee(ruleOf('adamw', true), software);
    const before = await trainee.read();
    trainee.setScale(2);
    const bad = draw(2).fill(Number.NaN, 5, 6);
    expect(isSkipped(await trainee.train(bad))).toBe(true);
    const failed = await trainee.train(bad);
    expect(failed).toMatchObject({ failedAt: 2, lossScale: 1 });
    expect(isSkipped(failed)).toBe(false);
    await trainee.train(draw(3));
    expect(await trainee.read()).toEqual(before);
    expect(await trainee.scale()).toBe(1);
  });

  test('a loss that is not finite is a failure at any scale', async () => {
    const trainee = new Trainee(ruleOf('adam', true), software);
    const before = await trainee.read();
    const failed = await trainee.train(draw(2), Number.NaN);
    expect(failed.failedAt).toBe(1);
    expect(isSkipped(failed)).toBe(false);
    await trainee.train(draw(3));
    expect(await trainee.read()).toEqual(before);
    expect(await trainee.scale()).toBe(65536);
  });
});

test('the loss is the same, and its gradient is multiplied', async () => {
  const found = tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((x) => scaleGradient(tf.square(x) as tf.Scalar, tf.scalar(1024)))(
      tf.scalar(3),
    );
    return [value, grad];
  });
  expect(await Promise.all(found.map(async (each) => (await each.data())[0]))).toEqual([9, 6 * 1024]);
  tf.dispose(found);
});

test('the programs are what they were', async () => {
  const trainee = new Trainee(ruleOf('adamw', true), true);
  let step: Promise<unknown> = Promise.resolve();
  const programs = programsOf(gpu, () => {
    step = trainee.train(draw(1));
  });
  await step;
  expect(programs).toHaveLength(3);
  expect(programs.slice(1).join('\n\n')).toMatchSnapshot();
});
