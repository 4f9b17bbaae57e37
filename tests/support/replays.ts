/** Watches recorded steps from outside: how often they are replayed, what they leave in their buffers, what a step without them gives. */
import * as tf from '@tensorflow/tfjs';
import { vi } from 'vitest';
import { BufferPool } from '../../src/kernels/recording/buffer-pool.ts';
import { Recording } from '../../src/kernels/recording/recording.ts';
import { Replayer } from '../../src/kernels/recording/replayer.ts';
import { uploadArrays } from '../../src/kernels/recording/step-arrays.ts';

/** From now on nothing is recorded: every operation runs as it comes. Undone by `vi.restoreAllMocks()`. */
export function runEagerly(): void {
  vi.spyOn(Replayer.prototype, 'run').mockImplementation((_, arrays, body) => {
    tf.tidy(() => body(uploadArrays(arrays)));
    return 0;
  });
}

/** What was replayed from now on, and a way to overwrite all that recordings keep of their intermediate tensors. */
export function watchReplays(device: GPUDevice) {
  const replay = vi.spyOn(Recording.prototype, 'replay');
  const buffers = new Set<GPUBuffer>();
  const acquire = BufferPool.prototype.acquire;
  vi.spyOn(BufferPool.prototype, 'acquire').mockImplementation(function (this: BufferPool, ...request) {
    const buffer = acquire.apply(this, request);
    buffers.add(buffer);
    return buffer;
  });
  return {
    replays: () => replay.mock.calls.length,
    /** A replay that reads what it has not written first then gives NaN. */
    poison: () => {
      for (const buffer of buffers) {
        device.queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(Number.NaN));
      }
    },
  };
}
