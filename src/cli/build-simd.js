/**
 * Compiles the SIMD kernels (src/kernels/wasm/simd.ts and what it exports) where a source is newer than the result: once
 * for memory that threads share, and once for memory of a single one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'src/kernels/wasm/dist');

const variants = [
  { file: join(folder, 'simd-threaded.wasm'), flags: ['--sharedMemory', '--enable', 'threads'] },
  { file: join(folder, 'simd.wasm'), flags: ['--disable', 'threads'] },
];

/** Size and memory are the heap's: it grows up to 4 GiB, in pages of 64 KiB. */
const options = [
  ...[
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--use',
    'abort=',
    '--enable',
    'simd',
    '--disableWarning',
    '112',
    '--disableWarning',
    '201',
  ],
  ...['--importMemory', '--noExportMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
];

/** Whether the module would write into the heap when it is made; data has section number 11. */
function hasData(bytes) {
  let at = 8;
  while (at < bytes.length) {
    const section = bytes[at++];
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      size |= (bytes[at] & 127) << shift;
      more = bytes[at++] > 127;
    }
    if (section === 11) return true;
    at += size;
  }
  return false;
}

function compile({ file, flags }) {
  const made = `${file}.${process.pid}`;
  const asc = join(root, 'node_modules/assemblyscript/bin/asc.js');
  const { status } = spawnSync(
    process.execPath,
    [asc, 'src/kernels/wasm/simd.ts', '--outFile', made, ...options, ...flags],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) throw new Error('The SIMD kernels could not be compiled; the messages stand above.');
  if (hasData(readFileSync(made)))
    throw new Error('The SIMD kernels have static data, which would lie on top of the heap.');
  renameSync(made, file); // another process may be reading it
}

export function buildSimd() {
  const kernels = join(root, 'src/kernels');
  const sources = readdirSync(kernels, { recursive: true, encoding: 'utf8' }).filter((path) => /simd\.ts$/.test(path));
  const newest = Math.max(...sources.map((path) => statSync(join(kernels, path)).mtimeMs));
  mkdirSync(folder, { recursive: true });
  for (const variant of variants) {
    if (!existsSync(variant.file) || statSync(variant.file).mtimeMs < newest) compile(variant);
  }
}
