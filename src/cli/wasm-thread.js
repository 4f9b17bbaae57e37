/** A thread of tfjs's WASM backend in Node: runs the script that the package ships as a text. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const {
  wasmWorkerContents,
} = require('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js');

// The text has lost the backslash of its “\n”, in tfjs 4.22.0.
const run = new Function('require', '__filename', wasmWorkerContents.replaceAll('\n', '\\n'));
run(require, fileURLToPath(import.meta.url));
