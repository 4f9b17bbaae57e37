/**
 * XNNPACK's products on one thread for a while. Waking the others costs more than a small product takes, and far more
 * where the cores are busy; the binary has no switch, but a pointer to its thread pool, which can be exchanged.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

export type Exported = Record<`_${string}`, (...numbers: number[]) => number> & { HEAP32: Int32Array };

/** Where the pointer lies, as an index into HEAP32, and its two values. */
type Pools = { place: number; one: number; all: number };

const poolsOf = new WeakMap<BackendWasm['wasm'], Pools>();

/**
 * Creates a pool of `threads` and one of a single thread. The pointer is the word of the static memory, all of which lies
 * below what is allocated, that leads to both in turn; without one (another version of tfjs) nothing can be exchanged.
 */
export function createPools(module: BackendWasm['wasm'] & Exported, threads: number): void {
  const end = module._malloc!(4);
  module._free!(end);
  const create = (count: number) => {
    module._init_with_threads_count!(count);
    return module.HEAP32.slice(0, end >> 2);
  };
  const empty = module.HEAP32.slice(0, end >> 2);
  const afterOne = create(1);
  const afterAll = create(threads);
  for (let place = 0; place < empty.length; place++) {
    const [one, all] = [afterOne[place]!, afterAll[place]!];
    if (empty[place] !== 0 || one === all || one < end || all < end) continue;
    module.HEAP32[place] = one;
    const isPool = module._get_threads_count!() === 1;
    module.HEAP32[place] = all;
    if (isPool && module._get_threads_count!() === threads) poolsOf.set(module, { place, one, all });
  }
}

/** Runs `compute`; the products in it run on the calling thread alone. */
export function onOneThread({ wasm }: BackendWasm, compute: () => void): void {
  const pools = poolsOf.get(wasm);
  const heap = (wasm as BackendWasm['wasm'] & Exported).HEAP32;
  if (pools) heap[pools.place] = pools.one;
  try {
    compute();
  } finally {
    if (pools) heap[pools.place] = pools.all;
  }
}
