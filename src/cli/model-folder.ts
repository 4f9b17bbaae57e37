/** Models by what the command line calls them: a preset's name, a folder, a zip, or a repository of the hub. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseHubId } from '../contract/hub-id.ts';
import { presets } from '../contract/presets.ts';
import { fail } from '../contract/problems.ts';
import { createModelCache } from '../files/model-cache.ts';
import { type ModelFiles, unzipModelFiles } from '../files/model-files.ts';
import { findModelFolder, neededFiles, within } from '../files/needed-files.ts';
import { defaultHubUrl, openModel } from '../files/open-model.ts';
import { cacheFolder, createFolderStore } from './folder-store.ts';

function readFolder(root: string): ModelFiles {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const paths = entries.map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const folder = findModelFolder(paths, root);
  const read = (path: string) => new Uint8Array(readFileSync(join(root, folder, path)));
  return new Map(neededFiles(within(folder, paths)).map((path) => [path, read(path)]));
}

/** @param source name of a bundled preset, or path of a folder or a zip */
export function readModel(source: string): { files: ModelFiles; name: string } {
  const preset = presets.find(({ name }) => name === source);
  const bundled = preset?.kind === 'bundled' ? preset.path : null;
  const path = bundled ? fileURLToPath(new URL(`../../public/${bundled}`, import.meta.url)) : source;
  if (!existsSync(path)) fail('file-unreadable', { file: source, reason: 'there is no such preset, folder or file' });
  const name = basename(path).replace(/\.zip$/i, '');
  if (statSync(path).isDirectory()) return { files: readFolder(path), name };
  return { files: unzipModelFiles(new Uint8Array(readFileSync(path)), basename(path)), name };
}

/**
 * As {@link readModel}, or a preset of the hub, `owner/name` or `owner/name@revision`, which the disk keeps.
 * A folder of that name goes first. `HF_ENDPOINT` is another hub, as in Hugging Face's own programs.
 */
export async function openNamedModel(source: string): Promise<{ files: ModelFiles; name: string }> {
  const preset = presets.find(({ name }) => name === source);
  const isOnHub = preset ? preset.kind === 'hub' : parseHubId(source) !== null && !existsSync(source);
  if (!isOnHub) return readModel(source);
  return openModel(preset ? { kind: 'preset', name: source } : { kind: 'hub', repository: source }, {
    pageUrl: '',
    hubUrl: process.env.HF_ENDPOINT || defaultHubUrl,
    cache: createModelCache(createFolderStore(cacheFolder())),
    onProgress: ({ file, loaded, total }) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${file} ${Math.floor((100 * loaded) / total)} %  `);
    },
    signal: null,
  });
}
