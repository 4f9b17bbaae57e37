/**
 * tfjs's WASM backend, on several threads where memory can be shared and on one elsewhere. tfjs 4.22.0 does not get its
 * threads going by itself: it takes half of the cores that it is told of (of two, one), and it makes the threads' script
 * from the text of a function, which a minifier has cut off from the names around it. Here it is told of twice the cores,
 * and the threads load the script as a file.
 */
import * as tf from '@tensorflow/tfjs';
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { WasmFactoryConfig } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
import threadedFactory from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
import './identity-wasm.ts';
import { attachSimd, Simd, type SimdThread } from './simd-module.ts';
import { type MemoryFault, watchMemory } from './wasm-memory.ts';

/** What several threads need besides the one's binary. */
export type ThreadedBuild = {
  /** tfjs-backend-wasm-threaded-simd.wasm, compiled. */
  module: WebAssembly.Module;
  /** Address of tfjs-backend-wasm-threaded-simd.js, which every thread loads. */
  script: string;
  /** Address of the script that a thread starts with. */
  thread: string;
  /** The SIMD kernels for shared memory, compiled. */
  simd: WebAssembly.Module;
  /** Starts a thread for them. */
  startSimdThread: () => SimdThread;
};

export type WasmBuilds = {
  /** Address of tfjs-backend-wasm-simd.wasm, which every current browser runs. */
  single: string;
  /** The SIMD kernels for memory of a single thread, compiled. */
  simd: () => Promise<WebAssembly.Module>;
  /** Null where memory cannot be shared: in a page that is not cross-origin isolated. */
  threaded: (() => Promise<ThreadedBuild>) | null;
  /** Logical cores of the machine. */
  cores: number;
};

type Thread = Pick<Worker, 'terminate'> & Partial<Pick<Worker, 'addEventListener'>> & { unref?: () => void };

/** Functions of the binary. */
export type Exported = Record<`_${string}`, (...numbers: number[]) => number> & { HEAP32: Int32Array };

/** The part of Emscripten's thread pool that is touched here; it belongs to the configuration, which becomes the module. */
type ThreadPool = { PThread: { unusedWorkers: Thread[]; runningWorkers: Thread[] } };

/** More are never there: Emscripten prepares so many workers. */
const most = 8;

/** Of many cores half, as two logical ones mostly share one that computes; of few all. */
const threadsFor = (cores: number): number => Math.min(cores, Math.max(4, Math.floor(cores / 2)), most);

/** The functions of the binary under the names by which tfjs's backend calls them. */
function bridge(module: BackendWasm['wasm'] & Exported, threads: number): BackendWasm['wasm'] {
  return Object.assign(module, {
    tfjs: {
      init: module._init!,
      initWithThreadsCount: () => module._init_with_threads_count!(threads),
      getThreadsCount: module._get_threads_count!,
      registerTensor: module._register_tensor!,
      disposeData: module._dispose_data!,
      dispose: module._dispose!,
    },
  });
}

/** @throws where the browser refuses the workers or the shared memory */
async function createThreaded(build: ThreadedBuild, threads: number): Promise<BackendWasm> {
  const { module, script, thread, simd, startSimdThread } = build;
  const pool = {} as ThreadPool;
  const loaded = await new Promise<BackendWasm['wasm']>((resolve, reject) => {
    const config: WasmFactoryConfig = Object.assign(pool, {
      mainScriptUrlOrBlob: script,
      locateFile: () => thread, // the binary's address is asked for, too, but not used
      instantiateWasm: (imports: { env: WebAssembly.ModuleImports }, receive: (...made: unknown[]) => void) => {
        imports.env.emscripten_num_logical_cores = () => 2 * threads;
        for (const worker of pool.PThread.unusedWorkers) worker.addEventListener?.('error', reject);
        WebAssembly.instantiate(module, imports).then((instance) => receive(instance, module), reject);
        return {};
      },
    });
    threadedFactory(config).then(resolve, reject);
  });
  const backend = new BackendWasm(bridge(loaded as BackendWasm['wasm'] & Exported, threads));
  for (const worker of pool.PThread.unusedWorkers.splice(0)) worker.terminate();
  for (const worker of pool.PThread.runningWorkers) worker.unref?.(); // else Node would not end
  const { wasmMemory } = loaded as unknown as { wasmMemory: WebAssembly.Memory };
  attachSimd(backend, new Simd(simd, wasmMemory, Array.from({ length: threads - 1 }, startSimdThread)));
  return backend;
}

export type StartedWasm = { /** That compute. */ threads: number; memoryFault: MemoryFault };

/** Starts the backend and makes it tfjs's current one. */
export async function startWasm({ single, simd, threaded, cores }: WasmBuilds): Promise<StartedWasm> {
  const wanted = threadsFor(cores);
  if (threaded && wanted > 1) {
    try {
      const backend = await createThreaded(await threaded(), wanted);
      tf.removeBackend('wasm');
      tf.registerBackend('wasm', () => backend, 2);
      await tf.setBackend('wasm');
      return { threads: backend.wasm.tfjs.getThreadsCount(), memoryFault: watchMemory(backend) };
    } catch (error) {
      console.warn('The WASM backend runs on one thread, because several could not be started.', error);
    }
  }
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': single,
    'tfjs-backend-wasm-simd.wasm': single,
    'tfjs-backend-wasm-threaded-simd.wasm': single,
  });
  if (!(await tf.setBackend('wasm'))) throw new Error('the WASM backend did not start');
  const backend = tf.backend() as BackendWasm;
  const { asm } = backend.wasm as unknown as { asm: { memory: WebAssembly.Memory } };
  attachSimd(backend, new Simd(await simd(), asm.memory, []));
  return { threads: 1, memoryFault: watchMemory(backend) };
}
