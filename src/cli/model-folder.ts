/** Models on disk: a preset's name, a folder, or a zip. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { presets } from '../contract/presets.ts';
import { fail } from '../contract/problems.ts';
import { type ModelFiles, unzipModelFiles } from '../files/model-files.ts';

/** Path of the WASM backend's binary in the installed package. */
export const wasmPath = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);

function readFolder(folder: string): ModelFiles {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path).replaceAll('\\', '/'), new Uint8Array(readFileSync(path))];
    }),
  );
}

/** @param source name of a preset, or path of a folder or a zip */
export function readModel(source: string): { files: ModelFiles; name: string } {
  const preset = presets.find(({ name }) => name === source);
  const path = preset ? fileURLToPath(new URL(`../../public/${preset.path}`, import.meta.url)) : source;
  if (!existsSync(path)) fail('file-unreadable', { file: source, reason: 'there is no such preset, folder or file' });
  const name = basename(path).replace(/\.zip$/i, '');
  if (statSync(path).isDirectory()) return { files: readFolder(path), name };
  return { files: unzipModelFiles(new Uint8Array(readFileSync(path)), basename(path)), name };
}
