/** The two builds of tfjs's WASM backend, and of our SIMD kernels, as a browser loads them. */
import single from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import binary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import script from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js?url';
import simd from '../kernels/wasm/dist/simd.wasm?url';
import simdThreaded from '../kernels/wasm/dist/simd-threaded.wasm?url';
import type { ThreadedBuild, WasmBuilds } from '../kernels/wasm/wasm-backend.ts';

const addressOf = (path: string) => new URL(path, self.location.href).href;

async function compile(path: string): Promise<WebAssembly.Module> {
  const bytes = await (await fetch(addressOf(path), { credentials: 'same-origin' })).arrayBuffer();
  return WebAssembly.compile(bytes);
}

async function loadThreaded(): Promise<ThreadedBuild> {
  const { wasmWorkerContents } = await import(
    '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js'
  );
  // The text has lost the backslash of its “\n”, in tfjs 4.22.0.
  const thread = new Blob([wasmWorkerContents.replaceAll('\n', '\\n')], { type: 'text/javascript' });
  return {
    module: await compile(binary),
    script: addressOf(script),
    thread: URL.createObjectURL(thread),
    simd: await compile(simdThreaded),
    startSimdThread: () =>
      new Worker(new URL('../kernels/wasm/simd-thread.js', import.meta.url), { type: 'module', name: 'simd' }),
  };
}

export const wasmBuilds: WasmBuilds = {
  single: addressOf(single),
  simd: () => compile(simd),
  threaded: self.crossOriginIsolated ? loadThreaded : null,
  cores: navigator.hardwareConcurrency,
};
