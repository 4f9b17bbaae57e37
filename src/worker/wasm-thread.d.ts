/** What tfjs's WASM package ships without types. */
declare module '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js' {
  /** Script of a worker, in which each “\n” has become a line break. */
  export const wasmWorkerContents: string;
}
