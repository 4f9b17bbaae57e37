/** The benchmark as `npm run bench -- --pack` bundles it: its files lie beside the bundle, and nothing is installed. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNode } from './in-node.ts';
import { requireJax } from './jax-package.ts';
import { readOptions } from './options.ts';

const here = dirname(fileURLToPath(import.meta.url));
const jaxFolder = join(here, 'jax');

try {
  process.exitCode = await runInNode(readOptions(process.argv.slice(2)), {
    // It is carried for its GPU figures, so one thread of WASM is enough.
    builds: {
      single: join(here, 'tfjs-backend-wasm-simd.wasm'),
      simd: async () => WebAssembly.compile(await readFile(join(here, 'simd.wasm'))),
      threaded: null,
      cores: 1,
    },
    pytorchScript: join(here, 'pytorch.py'),
    jax: existsSync(jaxFolder) ? () => requireJax(jaxFolder) : null,
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
