/** Files in folders that outlive a visit: what the model cache asks of the browser or the disk, and the memory where there is neither. */

/** A file that grows at its end. */
export type Appender = {
  /** How many bytes it has. */
  bytes: () => number;
  /** @throws StoreFull */
  write: (chunk: Uint8Array) => Promise<void>;
  /** Takes everything out again. */
  clear: () => Promise<void>;
  close: () => Promise<void>;
};

/** Names of folders and files are plain: no slashes. */
export type FileStore = {
  folders: () => Promise<string[]>;
  /** Files of a folder with their sizes in bytes; none where there is no such folder. */
  files: (folder: string) => Promise<Map<string, number>>;
  read: (folder: string, name: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** Opens a file, made where it is missing; @throws StoreBusy, StoreFull */
  append: (folder: string, name: string) => Promise<Appender>;
  /** Removes a file, or a folder with all its files. */
  remove: (folder: string, name?: string) => Promise<void>;
};

/** There is no room for more bytes. */
export class StoreFull extends Error {}

/** Another tab has the file open. */
export class StoreBusy extends Error {}

/** Keeps files only as long as it is held. */
export function createMemoryStore(): FileStore {
  const folders = new Map<string, Map<string, Uint8Array[]>>();
  const sum = (chunks: readonly Uint8Array[]) => chunks.reduce((bytes, chunk) => bytes + chunk.length, 0);
  return {
    folders: async () => [...folders.keys()],
    files: async (folder) => new Map([...(folders.get(folder) ?? [])].map(([name, chunks]) => [name, sum(chunks)])),
    read: async (folder, name) => {
      const chunks = folders.get(folder)?.get(name) ?? [];
      const bytes = new Uint8Array(sum(chunks));
      let at = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return bytes;
    },
    append: async (folder, name) => {
      const files = folders.get(folder) ?? new Map<string, Uint8Array[]>();
      folders.set(folder, files);
      const chunks = files.get(name) ?? [];
      files.set(name, chunks);
      return {
        bytes: () => sum(chunks),
        write: async (chunk) => void chunks.push(chunk),
        clear: async () => void chunks.splice(0),
        close: async () => {},
      };
    },
    remove: async (folder, name) => {
      if (name === undefined) folders.delete(folder);
      else folders.get(folder)?.delete(name);
    },
  };
}
