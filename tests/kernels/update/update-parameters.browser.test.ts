/** Clipping and the optimisers' step over flat buffers, against float64 JavaScript, the reference in stock operations and torch. */
import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dispatcher } from '../../../src/kernels/device/dispatch.ts';
import { dispatcherOf } from '../../../src/kernels/device/webgpu.ts';
import { adamWReference } from '../../../src/kernels/update/adamw-update.ts';
import {
  clearFailure,
  createJournal,
  type Journal,
  readJournal,
  writeJournal,
} from '../../../src/kernels/update/step-journal.ts';
import {
  type Chunk,
  sumGradientSquares,
  type UpdateRule,
  updateParameters,
} from '../../../src/kernels/update/update-parameters.ts';
import { partialsOfChunk } from '../../../src/kernels/update/update-threads.ts';
import { expectNoFault, relativeError, selectBackend } from '../../support/backends.ts';
import { placeNumbers, readBuffer } from '../../support/gradients.ts';
import { expectedState, type Group, normOf, type State } from '../../support/optimizer-rules.ts';
import { programsOf } from '../../support/programs.ts';

let gpu: Dispatcher;
let made: GPUBuffer[] = [];

beforeEach(async () => {
  await selectBackend('webgpu');
  gpu = dispatcherOf(tf.backend() as WebGPUBackend);
});
afterEach(async () => {
  for (const buffer of made) buffer.destroy();
  made = [];
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

function upload(values: Float32Array<ArrayBuffer>): GPUBuffer {
  const buffer = placeNumbers(gpu.device, values);
  made.push(buffer);
  return buffer;
}

function download({ buffer }: GPUBufferBinding): Promise<Float32Array> {
  gpu.submit();
  return readBuffer(gpu.device, buffer);
}

/** Numbers that look random and are the same everywhere. */
const draw = (count: number, seed: number, spread = 1) =>
  Float32Array.from({ length: count }, (_, i) => spread * Math.sin(seed * 12.9898 + i * 78.233));

const stateOf = (blocks: number, seed: number): State => ({
  p: draw(256 * blocks, seed),
  m: draw(256 * blocks, seed + 1, 0.1),
  v: draw(256 * blocks, seed + 2, 0.1).map((x) => x * x),
});

/** Different for every block; some stay as they are. */
const groupsOf = (blocks: number): Group[] =>
  Array.from({ length: blocks }, (_, k) => (k % 3 === 2 ? [0, 0.5] : [1 / (1 + (k % 5)), k % 2 === 0 ? 0.1 : 0]));

const chunkOf = (
  { p, m, v }: State,
  g: Float32Array<ArrayBuffer>,
  groups: Group[],
  kind: UpdateRule['kind'],
): Chunk => ({
  floats: p.length,
  parameters: { buffer: upload(p) },
  gradients: { buffer: upload(g) },
  m: { buffer: upload(m) },
  v: kind === 'sgd' ? null : { buffer: upload(v) },
  groups: { buffer: upload(Float32Array.from(groups.flat())) },
});

const rule: UpdateRule = {
  kind: 'adamw',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0.9,
  maxGradNorm: 1,
  scaled: false,
};

function journalOf(capacity = 4): Journal {
  const journal = createJournal(gpu.device, capacity);
  made.push(journal.buffer);
  return journal;
}

/** One step over all chunks. */
function update(
  chunks: Chunk[],
  journal: Journal,
  wanted: UpdateRule,
  at: { step: number; learningRate: number; loss?: number; software: boolean },
) {
  const partials = { buffer: upload(new Float32Array(chunks.length * partialsOfChunk).fill(7)) };
  const loss = { buffer: upload(Float32Array.of(at.loss ?? 0.25)) };
  writeJournal(gpu.device.queue, journal, { step: at.step, learningRate: at.learningRate, ...wanted });
  for (const [i, chunk] of chunks.entries()) sumGradientSquares(gpu, chunk, partials, i, at.software);
  const inputs = { partials, chunks: chunks.length, loss };
  for (const chunk of chunks) updateParameters(gpu, chunk, inputs, journal, wanted, at.software);
  gpu.submit();
}

const kinds = ['adamw', 'adam', 'sgd'] as const;

describe.each([true, false])('threads of a software adapter: %s', (software) => {
  test.each(
    kinds.flatMap((kind) => [
      { kind, blocks: 1, maxGradNorm: 1e9 },
      { kind, blocks: 7, maxGradNorm: 0.5 },
      { kind, blocks: 67, maxGradNorm: 2 },
    ]),
  )('$kind over $blocks blocks, clipped to $maxGradNorm', async ({ kind, blocks, maxGradNorm }) => {
    const wanted = { ...rule, kind, maxGradNorm };
    const state = stateOf(blocks, 3);
    const g = draw(256 * blocks, 9);
    const groups = groupsOf(blocks);
    const chunk = chunkOf(state, g, groups, kind);
    const journal = journalOf();
    update([chunk], journal, wanted, { step: 6, learningRate: 0.01, software });
    const norm = normOf([g], [groups]);
    expect(norm > maxGradNorm).toBe(maxGradNorm < 1e9);
    const expected = expectedState(state, g, groups, wanted, 6, 0.01, norm);
    const moved = await download(chunk.parameters);
    expect(
      relativeError(
        moved.map((x, i) => x - state.p[i]!),
        expected.p.map((x, i) => x - state.p[i]!),
      ),
    ).toBeLessThan(1e-4);
    expect(relativeError(moved, expected.p)).toBeLessThan(1e-6);
    expect(relativeError(await download(chunk.m), expected.m)).toBeLessThan(1e-6);
    if (chunk.v) expect(relativeError(await download(chunk.v), expected.v)).toBeLessThan(1e-6);
    for (let i = 512; i < 768 && i < moved.length; i++) expect(moved[i]).toBe(state.p[i]); // rate 0
    const { failedAt, entryOf } = await readJournal(gpu.device, journal);
    expect(failedAt).toBeNull();
    expect(entryOf(6).loss).toBe(0.25);
    expect(Math.abs(entryOf(6).gradNorm / norm - 1)).toBeLessThan(1e-5);
  });

  test('chunks share one norm, and parts of buffers can be chunks', async () => {
    const groups = [groupsOf(3), groupsOf(2)];
    const states = [stateOf(3, 1), stateOf(2, 20)];
    const gradients = [draw(768, 5), draw(512, 6, 3)];
    const chunks = states.map((state, i) => chunkOf(state, gradients[i]!, groups[i]!, 'adamw'));
    // The second chunk's gradients lie behind the first one's.
    const both = upload(Float32Array.from([...gradients[0]!, ...gradients[1]!]));
    chunks[0]!.gradients = { buffer: both, offset: 0, size: 768 * 4 };
    chunks[1]!.gradients = { buffer: both, offset: 768 * 4, size: 512 * 4 };
    update(chunks, journalOf(), rule, { step: 1, learningRate: 0.1, software });
    const norm = normOf(gradients, groups);
    for (const [i, chunk] of chunks.entries()) {
      const expected = expectedState(states[i]!, gradients[i]!, groups[i]!, rule, 1, 0.1, norm);
      expect(relativeError(await download(chunk.parameters), expected.p)).toBeLessThan(2e-6);
      expect(relativeError(await download(chunk.m), expected.m)).toBeLessThan(1e-6);
    }
  });

  test('agrees with the reference in stock operations', async () => {
    const state = stateOf(5, 2);
    const g = draw(1280, 4);
    const chunk = chunkOf(
      state,
      g,
      Array.from({ length: 5 }, () => [1, 0.1]),
      'adamw',
    );
    update([chunk], journalOf(), { ...rule, maxGradNorm: 1e9 }, { step: 3, learningRate: 0.01, software });
    const expected = tf.tidy(() =>
      adamWReference(tf.tensor1d(state.p), tf.tensor1d(g), tf.tensor1d(state.m), tf.tensor1d(state.v), {
        ...rule,
        learningRate: 0.01,
        weightDecay: 0.1,
        correction1: 1 - 0.9 ** 3,
        correction2: 1 - 0.999 ** 3,
        gradientScale: 1,
      }),
    );
    expect(relativeError(await download(chunk.parameters), await expected[0].data())).toBeLessThan(1e-5);
    tf.dispose(expected);
  });

  test('the same inputs give the same bits', async () => {
    const results = [];
    for (let k = 0; k < 2; k++) {
      const chunk = chunkOf(stateOf(40, 2), draw(256 * 40, 4), groupsOf(40), 'adamw');
      update([chunk], journalOf(), rule, { step: 3, learningRate: 0.01, software });
      results.push(await download(chunk.parameters));
    }
    expect(results[0]).toEqual(results[1]);
  });

  test.each([
    ['a gradient is none', { at: 700, value: Number.NaN, loss: 1 }],
    ['a gradient is infinite', { at: 3, value: Number.NEGATIVE_INFINITY, loss: 1 }],
    ['the squares overflow', { at: 300, value: 1e20, loss: 1 }],
    ['the loss is none', { at: 0, value: 1, loss: Number.NaN }],
    ['the loss is infinite', { at: 0, value: 1, loss: Number.POSITIVE_INFINITY }],
  ])('nothing moves where %s, nor afterwards until that is cleared', async (_, { at, value, loss }) => {
    const state = stateOf(4, 2);
    const groups = Array.from({ length: 4 }, (): Group => [1, 0.1]);
    const chunk = chunkOf(state, draw(1024, 4), groups, 'adamw');
    const bad = draw(1024, 4);
    bad[at] = value;
    const spoilt = { ...chunk, gradients: { buffer: upload(bad) } };
    const journal = journalOf();
    const unchanged = async () => {
      expect(await download(chunk.parameters)).toEqual(state.p);
      expect(await download(chunk.m)).toEqual(state.m);
      expect(await download(chunk.v!)).toEqual(state.v);
    };
    update([spoilt], journal, rule, { step: 5, learningRate: 0.01, loss, software });
    await unchanged();
    update([chunk], journal, rule, { step: 6, learningRate: 0.01, software });
    await unchanged();
    const { failedAt, entryOf } = await readJournal(gpu.device, journal);
    expect(failedAt).toBe(5);
    expect(Number.isFinite(entryOf(5).loss) && Number.isFinite(entryOf(5).gradNorm)).toBe(false);
    expect(entryOf(6).loss).toBe(0.25);
    clearFailure(gpu.device.queue, journal);
    update([chunk], journal, rule, { step: 6, learningRate: 0.01, software });
    expect(await download(chunk.parameters)).not.toEqual(state.p);
    expect((await readJournal(gpu.device, journal)).failedAt).toBeNull();
  });

  test('what is not finite in blocks that stay as they are does not count', async () => {
    const g = draw(768, 4);
    g[600] = Number.NaN; // the third block
    const chunk = chunkOf(stateOf(3, 2), g, groupsOf(3), 'adamw');
    const journal = journalOf();
    update([chunk], journal, rule, { step: 1, learningRate: 0.01, software });
    const { failedAt, entryOf } = await readJournal(gpu.device, journal);
    expect(failedAt).toBeNull();
    expect(Math.abs(entryOf(1).gradNorm / normOf([g], [groupsOf(3)]) - 1)).toBeLessThan(1e-5);
  });

  /** Three steps from p = [1, −2, 0.5] with gradients g, −g / 2, 3 g; g = [0.1, −0.4, 2], halved. From torch 1.13, float64. */
  const torch = {
    adamw: [0.9776572797, -1.9746602762, 0.479155777],
    adam: [0.9713824238, -1.973091329, 0.4799270063],
    sgd: [0.9920164485, -1.979276196, 0.4496303895],
  };

  test.each(kinds)('three steps of %s are torch’s', async (kind) => {
    const of = (values: number[]) => Float32Array.from({ length: 256 }, (_, i) => values[i] ?? 0);
    const chunk = chunkOf({ p: of([1, -2, 0.5]), m: of([]), v: of([]) }, of([]), [[0.5, 0.1]], kind);
    const journal = journalOf();
    for (const [i, factor] of [1, -0.5, 3].entries()) {
      const g = of([0.1, -0.4, 2].map((value) => value * factor));
      // Clipped to half its length, as the figures want.
      const wanted = { ...rule, kind, maxGradNorm: normOf([g], [[[1, 0]]]) / 2 };
      update([{ ...chunk, gradients: { buffer: upload(g) } }], journal, wanted, {
        step: i + 1,
        learningRate: 0.02,
        software,
      });
    }
    const found = await download(chunk.parameters);
    expect([...found.subarray(0, 3)]).toEqual(torch[kind].map((value) => expect.closeTo(value, 6)));
    expect(found.subarray(3)).toEqual(new Float32Array(253));
    const { entryOf } = await readJournal(gpu.device, journal);
    const norms = [1, 2, 3].map((step) => entryOf(step).gradNorm);
    expect(norms).toEqual([1, 0.5, 3].map((factor) => expect.closeTo(factor * Math.hypot(0.1, 0.4, 2), 5)));
  });
});

test('the programs are what they were', async () => {
  const seen = programsOf(gpu, () => {
    for (const software of [true, false]) {
      for (const kind of kinds) {
        const chunk = chunkOf(stateOf(1, 1), draw(256, 2), groupsOf(1), kind);
        update([chunk], journalOf(), { ...rule, kind }, { step: 1, learningRate: 0.01, software });
      }
    }
  });
  expect(seen).toHaveLength(12);
  expect([...new Set(seen)].join('\n\n')).toMatchSnapshot();
});
