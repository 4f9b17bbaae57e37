/** The two builds of tfjs's WASM backend as Node loads them, from the installed package. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const { resolve } = createRequire(import.meta.url);

export const wasmBuilds = {
  single: resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
  threaded: async () => ({
    module: await WebAssembly.compile(
      await readFile(resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm')),
    ),
    script: resolve('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js'),
    thread: fileURLToPath(new URL('wasm-thread.js', import.meta.url)),
  }),
  cores: availableParallelism(),
};
