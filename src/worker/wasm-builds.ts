/** The two builds of tfjs's WASM backend as a browser loads them. */
import single from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import binary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import script from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js?url';
import type { ThreadedBuild, WasmBuilds } from '../kernels/wasm/wasm-backend.ts';

const addressOf = (path: string) => new URL(path, self.location.href).href;

async function loadThreaded(): Promise<ThreadedBuild> {
  const { wasmWorkerContents } = await import(
    '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js'
  );
  // The text has lost the backslash of its “\n”, in tfjs 4.22.0.
  const thread = new Blob([wasmWorkerContents.replaceAll('\n', '\\n')], { type: 'text/javascript' });
  const bytes = await (await fetch(addressOf(binary), { credentials: 'same-origin' })).arrayBuffer();
  return {
    module: await WebAssembly.compile(bytes),
    script: addressOf(script),
    thread: URL.createObjectURL(thread),
  };
}

export const wasmBuilds: WasmBuilds = {
  single: addressOf(single),
  threaded: self.crossOriginIsolated ? loadThreaded : null,
  cores: navigator.hardwareConcurrency,
};
