/** The journal's figures: each step gets its own, however many are under way and however slow the reads are. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  clearFailure,
  createJournal,
  type Journal,
  JournalReader,
  journalWords,
  readJournal,
  writeJournal,
} from '../../../src/kernels/update/step-journal.ts';
import { expectNoFault, selectBackend } from '../../support/backends.ts';
import { readBuffer } from '../../support/gradients.ts';
import { currentGpu } from '../../support/kernel-variants.ts';

let device: GPUDevice;
let journal: Journal;

beforeEach(async () => {
  await selectBackend('webgpu');
  device = currentGpu().device;
  journal = createJournal(device, 4);
});
afterEach(async () => {
  vi.restoreAllMocks();
  journal.buffer.destroy();
  await expectNoFault('webgpu');
});

/** What a step's update leaves in the ring. */
function endStep(step: number): void {
  const at = 4 * (journalWords.ring + journalWords.entry * (step % journal.capacity));
  device.queue.writeBuffer(journal.buffer, at, Float32Array.of(step + 0.5, 100 * step, step % 2 === 0 ? 64 : 0));
}

const figuresOf = (step: number) => ({ loss: step + 0.5, gradNorm: 100 * step, lossScale: step % 2 === 0 ? 64 : null });

/** Reads end only when they are let to; returns what lets them. */
function holdReads(): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const map = GPUBuffer.prototype.mapAsync;
  vi.spyOn(GPUBuffer.prototype, 'mapAsync').mockImplementation(async function (this: GPUBuffer, ...request) {
    await held;
    return map.apply(this, request);
  });
  return release;
}

test('the scalars of a step stand where its update reads them', async () => {
  writeJournal(device.queue, journal, { step: 3, learningRate: 0.25, beta1: 0.5, beta2: 0.75 });
  const words = await readBuffer(device, journal.buffer);
  expect(new Uint32Array(words.buffer).subarray(0, 2)).toEqual(Uint32Array.of(0, 3));
  expect(words.subarray(2, 5)).toEqual(Float32Array.of(0.25, 1 / (1 - 0.5 ** 3), 1 / (1 - 0.75 ** 3)));
  expect(words.subarray(5)).toEqual(new Float32Array(7 + 3 * 4));
});

test('a failed step is told until it is cleared', async () => {
  expect((await readJournal(device, journal)).failedAt).toBeNull();
  device.queue.writeBuffer(journal.buffer, 4 * journalWords.failed, Uint32Array.of(7));
  expect((await readJournal(device, journal)).failedAt).toBe(7);
  clearFailure(device.queue, journal);
  expect((await readJournal(device, journal)).failedAt).toBeNull();
});

test('steps get their own figures in their order, many more of them than the journal holds', async () => {
  const release = holdReads();
  const reader = new JournalReader(device, journal);
  const order: number[] = [];
  const entries = Array.from({ length: 19 }, (_, i) => {
    endStep(i + 1);
    const entry = reader.entryOf(i + 1);
    entry.then(() => order.push(i + 1));
    return entry;
  });
  release();
  expect(await Promise.all(entries)).toEqual(entries.map((_, i) => figuresOf(i + 1)));
  expect(order).toEqual(entries.map((_, i) => i + 1));
});

test('what is asked for during a read shares the next one', async () => {
  const reader = new JournalReader(device, journal);
  const created = vi.spyOn(device, 'createBuffer');
  const entries = [1, 2, 3].map((step) => {
    endStep(step);
    return reader.entryOf(step);
  });
  expect(await Promise.all(entries)).toEqual([1, 2, 3].map(figuresOf));
  expect(created).toHaveBeenCalledTimes(2);
});

test('a reader that finishes gives what was asked for, though the journal is destroyed', async () => {
  const reader = new JournalReader(device, journal);
  const entries = [1, 2, 3].map((step) => {
    endStep(step);
    return reader.entryOf(step);
  });
  reader.finish();
  journal.buffer.destroy();
  expect(await Promise.all(entries)).toEqual([1, 2, 3].map(figuresOf));
});

test('a read that fails is an error for those who wait for it, and not for the next', async () => {
  const reader = new JournalReader(device, journal);
  vi.spyOn(GPUBuffer.prototype, 'mapAsync').mockRejectedValueOnce(new Error('no memory'));
  endStep(1);
  await expect(reader.entryOf(1)).rejects.toThrow('no memory');
  endStep(2);
  expect(await reader.entryOf(2)).toEqual(figuresOf(2));
});
