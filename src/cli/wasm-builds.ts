/** The two builds of tfjs's WASM backend, from the installed package, and of our SIMD kernels, as Node loads them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const { resolve } = createRequire(import.meta.url);
const besides = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const compile = async (file: string) => WebAssembly.compile(await readFile(file));

export const wasmBuilds = {
  single: resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
  simd: () => compile(besides('../kernels/wasm/dist/simd.wasm')),
  threaded: async () => ({
    module: await compile(resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm')),
    script: resolve('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js'),
    thread: besides('wasm-thread.js'),
    simd: await compile(besides('../kernels/wasm/dist/simd-threaded.wasm')),
    startSimdThread: () => new Worker(besides('../kernels/wasm/simd-thread.js')),
  }),
  cores: availableParallelism(),
};
