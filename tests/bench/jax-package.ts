/** Installs jax-js when the benchmark is first asked for it; it is no dependency of the project. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { JaxLibrary } from './engines/jax-library.ts';

const version = '0.1.25';

/** The package's `dist` folder, installed into `cache` if needed; null where the registry cannot be reached. */
export function installJax(cache: string): string | null {
  const dist = join(cache, 'node_modules/@jax-js/jax/dist');
  if (existsSync(dist)) return dist;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{ "private": true }\n');
  const { status } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `@jax-js/jax@${version}`], {
    cwd: cache,
    stdio: ['ignore', 'ignore', 'ignore'],
    shell: process.platform === 'win32',
  });
  return status === 0 && existsSync(dist) ? dist : null;
}

/** The library as Node loads it, a fresh one at every call: what it keeps of one device fails on another. */
export function requireJax(dist: string): JaxLibrary {
  const require = createRequire(import.meta.url);
  const path = join(dist, 'index.cjs');
  delete require.cache[path];
  return require(path);
}
