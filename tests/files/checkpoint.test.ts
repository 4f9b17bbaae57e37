/** Checkpoints: what is read is what was written, and a crash or a full disk at any time leaves a whole one. */
import { describe, expect, it } from 'vitest';
import { checkpointStep, readCheckpoint, writeCheckpoint } from '../../src/files/checkpoint.ts';
import { createMemoryStore, type FileStore, StoreFull } from '../../src/files/file-store.ts';

const tensors = (value: number) =>
  new Map([
    ['parameters/a', { shape: [2, 2], data: Float32Array.of(value, -0, 1e-40, Number.NaN) }],
    ['optimizer.0/a', { shape: [4], data: new Float32Array(4).fill(value) }],
  ]);

/** A store that breaks off after so many bytes of writing, as a crash does (`error` null) or with an error. */
function breaking(store: FileStore, bytes: number, error: Error | null): FileStore {
  let left = bytes;
  return {
    ...store,
    append: async (folder, name) => {
      const file = await store.append(folder, name);
      return {
        ...file,
        write: async (chunk) => {
          if (chunk.length > left) {
            await file.write(chunk.subarray(0, left));
            throw error ?? new Error('the process ended');
          }
          left -= chunk.length;
          await file.write(chunk);
        },
      };
    },
    ...(error === null ? { remove: async () => {} } : {}), // who crashed tidies nothing up
  };
}

describe('checkpoints', () => {
  it('gives back the newest, bit for bit, and nothing of a run without any', async () => {
    const store = createMemoryStore();
    expect(await readCheckpoint(store, 'run')).toBeNull();
    expect(await checkpointStep(store, 'run')).toBeNull();
    await writeCheckpoint(store, 'run', 9, tensors(1), { step: 9 });
    await writeCheckpoint(store, 'run', 10, tensors(2), { step: 10 });
    expect(await checkpointStep(store, 'run')).toBe(10);
    expect(await readCheckpoint(store, 'run')).toEqual({ tensors: tensors(2), state: { step: 10 } });
    expect([...(await store.files('run')).keys()].sort()).toEqual(['10.json', '10.safetensors']);
  });

  it('is never half a checkpoint, wherever a crash comes', async () => {
    const state = { words: 'x'.repeat(60) };
    const whole = createMemoryStore();
    await writeCheckpoint(whole, 'run', 2, tensors(2), state);
    const size = [...(await whole.files('run')).values()].reduce((sum, each) => sum + each, 0);
    expect(size).toBeGreaterThan(200);
    for (let bytes = 0; bytes < size; bytes++) {
      const store = createMemoryStore();
      await writeCheckpoint(store, 'run', 1, tensors(1), state);
      await expect(writeCheckpoint(breaking(store, bytes, null), 'run', 2, tensors(2), state)).rejects.toThrow('ended');
      expect((await readCheckpoint(store, 'run'))?.tensors).toEqual(tensors(1));
    }
  });

  it('where the disk is full, says so and keeps the one before', async () => {
    const store = createMemoryStore();
    await writeCheckpoint(store, 'run', 1, tensors(1), {});
    const full = breaking(store, 100, new StoreFull());
    await expect(writeCheckpoint(full, 'run', 2, tensors(2), {})).rejects.toThrow(StoreFull);
    expect((await readCheckpoint(store, 'run'))?.tensors).toEqual(tensors(1));
    expect([...(await store.files('run')).keys()].sort()).toEqual(['1.json', '1.safetensors']);
  });
});
