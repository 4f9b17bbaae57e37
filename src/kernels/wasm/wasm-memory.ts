/**
 * Notices that WebAssembly's memory (4 GiB at the most) has run out. tfjs (4.22.0) does not ask: it would go on with the
 * address 0 and write over whatever lies there.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type Allocator = { _malloc: (bytes: number) => number; _free: (address: number) => void };

/** Why there is no memory any more; null while there is. */
export type MemoryFault = () => string | null;

/** From now on an allocation that fails throws, and the answer tells of it. */
export function watchMemory(backend: BackendWasm): MemoryFault {
  let fault: string | null = null;
  const wasm = backend.wasm as BackendWasm['wasm'] & Allocator;
  wasm._free(wasm._malloc(4)); // at their first calls both put another function in their place
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address !== 0 || bytes === 0) return address;
    fault = `${bytes} bytes were asked for, and WebAssembly's memory is full`;
    throw new Error(fault);
  };
  return () => fault;
}
