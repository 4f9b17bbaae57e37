/** What was measured of GPUs, kept in a file a device beside the models; the model cache leaves folders alone that hold none. */
import { createMemoryStore, type FileStore } from '../files/file-store.ts';
import type { TileStorage } from '../kernels/linear/tuner.ts';

const folder = 'measured-tiles';

/** Names of devices hold any character; file systems take 255 bytes. Names end in a hash. */
const fileOf = (device: string) => encodeURIComponent(device).slice(-200);

/** @param open the store, or null where there is none: then it lasts as long as it is held */
export function keepTiles(open: () => Promise<FileStore | null>): TileStorage {
  const memory = createMemoryStore();
  return {
    async get(device) {
      const store = (await open()) ?? memory;
      const name = fileOf(device);
      if (!(await store.files(folder)).has(name)) return undefined;
      return new TextDecoder().decode(await store.read(folder, name));
    },
    async set(device, value) {
      const file = await ((await open()) ?? memory).append(folder, fileOf(device));
      try {
        await file.clear();
        await file.write(new TextEncoder().encode(value));
      } finally {
        await file.close();
      }
    },
  };
}
