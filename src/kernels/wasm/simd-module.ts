/**
 * The SIMD kernels (simd.ts) over tfjs's heap, on several threads where it is shared. Work is cut into parts, and whoever
 * is free takes the next one: a thread that comes late takes none, and the results do not depend on who took which.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** A thread that runs simd-thread.js. */
export type SimdThread = { postMessage: (start: object) => void; terminate: () => unknown; unref?: () => void };

/** Words of the control memory, as simd-thread.js has them. */
const [next, done, kernel, parts, count] = [0, 1, 2, 3, 4];
const partBits = 31;
const numbersAt = 64;
const numbersMost = 24;

/** Parts of work that is shared; few enough for the lower bits of `next`. */
const shared = 16;

/** Elements from which on waking the other threads pays. */
const worthSharing = 30_000;

type Kernel = (part: number, parts: number, ...numbers: number[]) => void;

/** Whether this thread may sleep until the others are done; a page's own may not. */
function mayWait(words: Int32Array): boolean {
  try {
    Atomics.wait(words, done, 0, 0);
    return true;
  } catch {
    return false;
  }
}

export class Simd {
  private readonly kernels: Record<string, Kernel>;
  private readonly names: string[];
  private readonly threads: SimdThread[];
  private readonly words: Int32Array;
  private readonly numbers: Float64Array;
  private readonly sleeps: boolean;

  /** @param threads besides the calling one; none where the memory is not shared */
  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, threads: SimdThread[]) {
    this.kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<string, Kernel>;
    this.names = Object.keys(this.kernels);
    this.threads = threads;
    const size = numbersAt + 8 * numbersMost;
    const control = threads.length > 0 ? new SharedArrayBuffer(size) : new ArrayBuffer(size);
    this.words = new Int32Array(control);
    this.words[next] = partBits; // nothing to take, however many parts are announced
    this.numbers = new Float64Array(control, numbersAt);
    this.sleeps = threads.length > 0 && mayWait(this.words);
    for (const thread of threads) {
      thread.postMessage({ module, memory, control, names: this.names });
      thread.unref?.(); // else Node would not end
    }
  }

  /** How many parts work on `elements` is cut into. Sums over the parts depend on it, so it does not depend on the threads. */
  partsFor(elements: number): number {
    return elements < worthSharing ? 1 : shared;
  }

  /** Runs kernel `name` over all parts of its work. */
  run(name: string, all: number, ...numbers: number[]): void {
    const run = this.kernels[name];
    if (!run) throw new Error(`there is no SIMD kernel ${name}`);
    if (all === 1 || this.threads.length === 0) {
      for (let part = 0; part < all; part++) run(part, all, ...numbers);
      return;
    }
    const { words } = this;
    words[kernel] = this.names.indexOf(name);
    words[parts] = all;
    words[count] = numbers.length;
    this.numbers.set(numbers);
    words[done] = 0;
    Atomics.store(words, next, (words[next]! | partBits) + 1);
    Atomics.notify(words, next);
    for (let found = Atomics.load(words, next); (found & partBits) < all; found = Atomics.load(words, next)) {
      if (Atomics.compareExchange(words, next, found, found + 1) !== found) continue;
      run(found & partBits, all, ...numbers);
      Atomics.add(words, done, 1);
    }
    for (let ready = Atomics.load(words, done); ready < all; ready = Atomics.load(words, done)) {
      if (this.sleeps) Atomics.wait(words, done, ready);
    }
    // Else a thread that is late could take a part of the next work, of more parts, before that is announced.
    Atomics.store(words, next, words[next]! | partBits);
  }

  end(): void {
    for (const thread of this.threads) thread.terminate();
  }
}

const simdOf = new WeakMap<BackendWasm['wasm'], Simd>();

/** Gives the backend its kernels, which end with it. */
export function attachSimd(backend: BackendWasm, simd: Simd): void {
  simdOf.set(backend.wasm, simd);
  const dispose = backend.dispose.bind(backend);
  backend.dispose = () => {
    simd.end();
    dispose();
  };
}

export function simdKernelsOf({ wasm }: BackendWasm): Simd {
  const simd = simdOf.get(wasm);
  if (!simd) throw new Error('the WASM backend was started without its SIMD kernels');
  return simd;
}
