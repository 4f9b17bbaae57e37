/** Buffers that tfjs keeps for later are given back, and nothing that is in use is. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { currentDispatcher } from '../../../src/kernels/device/webgpu.ts';
import { expectNoFault, selectBackend } from '../../support/backends.ts';

test('trimming leaves what is in use', async () => {
  await selectBackend('webgpu');
  const gpu = currentDispatcher()!;
  const { bufferManager } = gpu.backend;
  const kept = tf.range(0, 1000);
  for (let size = 1000; size < 1040; size++) tf.dispose(tf.tidy(() => tf.square(tf.range(0, size))));
  const pending = tf.tidy(() => tf.square(tf.square(kept))); // its commands are not submitted yet
  expect(bufferManager.numBytesAllocated - bufferManager.numBytesUsed).toBeGreaterThan(4 * 1000 * 10);
  gpu.trim();
  expect(bufferManager.numBytesAllocated).toBe(bufferManager.numBytesUsed);
  expect(bufferManager.getNumFreeBuffers()).toBe(0);
  expect((await pending.data())[3]).toBe(81);
  const after = tf.tidy(() => tf.add(kept, 1));
  expect((await after.data())[999]).toBe(1000);
  tf.dispose([kept, pending, after]);
  await expectNoFault('webgpu');
});
