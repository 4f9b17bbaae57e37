/** The module worker: takes the page's requests to the session and its answers and events back. */
import wasmPath from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { CallName, Calls, Reply, Request, WireError } from '../contract/calls.ts';
import { problemOf } from '../contract/problems.ts';
import { createSession, type Handlers } from './session.ts';

const reply = (message: Reply, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

// The page tells where it lies by the worker's name: the worker's own address differs between development and build.
const session = createSession(self.name, new URL(wasmPath, self.location.href).href, (event) =>
  reply({ kind: 'event', event }),
);

function toWire(error: unknown): WireError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack: stack ?? '', problem: problemOf(error) };
}

/** The buffers of typed arrays among a result's own values: they are moved, not copied. */
function buffersOf(result: object | null): ArrayBuffer[] {
  return Object.values(result ?? {}).flatMap((value) =>
    value instanceof Float32Array ? [value.buffer as ArrayBuffer] : [],
  );
}

async function answer<K extends CallName>(id: number, handle: Handlers[K], params: Calls[K]['params']): Promise<void> {
  try {
    const result = await handle(params);
    reply({ kind: 'result', id, result }, buffersOf(result));
  } catch (error) {
    reply({ kind: 'error', id, error: toWire(error) });
  }
}

self.addEventListener('message', ({ data: { id, name, params } }: MessageEvent<Request>) => {
  answer(id, session[name] as Handlers[typeof name], params);
});
