/** Builds the service worker beside the page, and writes into it every file of the build and the headers it adds. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

const worker = 'service-worker.js';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Every file under a folder but the worker itself, with its hash, in the order of names. */
async function listFiles(folder: string): Promise<[path: string, hash: string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => path !== worker)
    .sort();
  return Promise.all(paths.map(async (path) => [path, hashOf(await readFile(join(folder, path)))] as [string, string]));
}

/** @param headers what every answer of the service worker carries */
export function offline(headers: Record<string, string>): Plugin {
  let folder = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: resolve('src/service-worker.ts'), fileName: worker });
    },
    async closeBundle() {
      const files = await listFiles(folder);
      const version = hashOf(Buffer.from(JSON.stringify([files, headers])));
      const path = join(folder, worker);
      const code = await readFile(path, 'utf8');
      if (!code.includes('__BUILD__')) throw new Error('The service worker has no place for the list of files.');
      await writeFile(
        path,
        code.replace('__BUILD__', () => JSON.stringify({ version, files, headers })),
      );
    },
  };
}
