/**
 * The file store in the browser's private file system (OPFS). Written through sync access handles, which workers of
 * Chromium, Firefox and Safari have alike; Safari has no other way to write.
 */
import { type FileStore, StoreBusy, StoreFull } from './file-store.ts';

const isNamed = (error: unknown, name: string) => error instanceof DOMException && error.name === name;

/** The store's own error for a browser's. */
function storeError(error: unknown): unknown {
  if (isNamed(error, 'QuotaExceededError')) return new StoreFull();
  return isNamed(error, 'NoModificationAllowedError') ? new StoreBusy() : error;
}

/** The answer, or null where the file or folder is not there. */
async function ifThere<T>(handle: Promise<T>): Promise<T | null> {
  return handle.catch((error) => (isNamed(error, 'NotFoundError') ? null : Promise.reject(error)));
}

/** The store in a folder of its own; null where there is no OPFS: Node, some private windows, outside a worker. */
export async function openBrowserStore(name: 'models' | 'runs'): Promise<FileStore | null> {
  if (!('FileSystemFileHandle' in globalThis && 'createSyncAccessHandle' in FileSystemFileHandle.prototype))
    return null;
  const root = await navigator.storage
    .getDirectory()
    .then((directory) => directory.getDirectoryHandle(name, { create: true }))
    .catch(() => null);
  if (!root) return null;

  return {
    folders: async () => {
      const names: string[] = [];
      for await (const name of root.keys()) names.push(name);
      return names;
    },
    files: async (folder) => {
      const directory = await ifThere(root.getDirectoryHandle(folder));
      const sizes = new Map<string, number>();
      for await (const handle of directory?.values() ?? []) {
        if (handle instanceof FileSystemFileHandle) sizes.set(handle.name, (await handle.getFile()).size);
      }
      return sizes;
    },
    read: async (folder, name) => {
      const handle = await (await root.getDirectoryHandle(folder)).getFileHandle(name);
      return new Uint8Array(await (await handle.getFile()).arrayBuffer());
    },
    append: async (folder, name) => {
      const open = async () => {
        const directory = await root.getDirectoryHandle(folder, { create: true });
        const handle = await directory.getFileHandle(name, { create: true });
        return handle.createSyncAccessHandle();
      };
      const access = await open().catch((error) => Promise.reject(storeError(error)));
      let size = access.getSize();
      return {
        bytes: () => size,
        write: async (chunk) => {
          try {
            const written = access.write(Uint8Array.from(chunk), { at: size });
            // Chromium does not throw where the quota is used up, it answers 4294967288: -8, its code for no space.
            if (written !== chunk.length) throw new StoreFull();
          } catch (error) {
            access.truncate(size);
            throw storeError(error);
          }
          size += chunk.length;
        },
        clear: async () => {
          access.truncate(0);
          size = 0;
        },
        close: async () => {
          access.flush();
          access.close();
        },
      };
    },
    remove: async (folder, name) => {
      if (name === undefined) return void (await ifThere(root.removeEntry(folder, { recursive: true })));
      const directory = await ifThere(root.getDirectoryHandle(folder));
      if (directory) await ifThere(directory.removeEntry(name));
    },
  };
}
