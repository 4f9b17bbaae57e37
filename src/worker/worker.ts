/** The module worker: takes the page's requests to the session and its answers and events back. */
import type { CallName, Calls, Reply, Request, WireError } from '../contract/calls.ts';
import { problemOf } from '../contract/problems.ts';
import { createSession, type Handlers } from './session.ts';
import { wasmBuilds } from './wasm-builds.ts';

const reply = (message: Reply) => self.postMessage(message);

// The page tells where it lies by the worker's name: the worker's own address differs between development and build.
const session = createSession({
  pageUrl: self.name,
  wasmBuilds,
  onEvent: (event) => reply({ kind: 'event', event }),
  onDownload: (progress) => reply({ kind: 'download', progress }),
  onProgress: (progress) => reply({ kind: 'trial', progress }),
});

function toWire(error: unknown): WireError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack: stack ?? '', problem: problemOf(error) };
}

async function answer<K extends CallName>(id: number, handle: Handlers[K], params: Calls[K]['params']): Promise<void> {
  try {
    const result = await handle(params);
    reply({ kind: 'result', id, result });
  } catch (error) {
    reply({ kind: 'error', id, error: toWire(error) });
  }
}

self.addEventListener('message', ({ data: { id, name, params } }: MessageEvent<Request>) => {
  answer(id, session[name] as Handlers[typeof name], params);
});
