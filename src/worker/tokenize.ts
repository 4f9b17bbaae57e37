/** Tokenises training examples once, before a run: many of them by several workers at a time, few of them here. */
import { ProblemError, problem } from '../contract/problems.ts';
import type { TrainingExamples } from '../data/example-columns.ts';
import { createBreather } from '../data/next-task.ts';
import {
  chunkRows,
  countRows,
  createTokenStore,
  cutChunk,
  type TextChunk,
  type TokenChunk,
  type TokenStore,
  tokenizeChunk,
} from '../data/token-store.ts';
import type { LoadedModel } from '../files/load-model.ts';
import type { TokenizerRequest } from './tokenizer-worker.ts';

/** More workers than this only take memory: each has a vocabulary, and one thread hands the texts out. */
const mostWorkers = 4;

/** In Node tfjs's threads put a `Worker` of another kind in the browser's place. */
const inBrowser = typeof location !== 'undefined';

/** With fewer chunks a worker's start takes longer than the work. */
const fewestChunks = 3;

type Tokenize = (chunk: TextChunk) => Promise<TokenChunk>;

type Tokenizing = {
  maxLength: number;
  /** Whether the two texts of an example make one row, as a cross-encoder reads them. */
  packed: boolean;
  onProgress: (done: number, total: number) => void;
  stop: AbortSignal;
};

type Source = Pick<LoadedModel, 'tokenizer' | 'tokenizerFiles'>;

/** A tokenizer in a worker of its own. */
function startWorker({ tokenizerFiles: { json, config } }: Source, maxLength: number) {
  const worker = new Worker(new URL('./tokenizer-worker.ts', import.meta.url), { type: 'module' });
  const send = (request: TokenizerRequest) => worker.postMessage(request);
  send({ kind: 'start', json, config, maxLength });
  const tokenize: Tokenize = (chunk) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<TokenChunk>) => resolve(data);
      worker.onerror = ({ message }) => {
        const reason = message || 'a worker that tokenises did not start';
        reject(new ProblemError(problem('unexpected', { reason })));
      };
      send({ kind: 'chunk', chunk });
    });
  return { tokenize, close: () => worker.terminate() };
}

/** As {@link startWorker}, in this thread, which still answers its messages. */
function startHere({ tokenizer }: Source, maxLength: number) {
  const breathe = createBreather();
  const tokenize: Tokenize = async (chunk) => {
    await breathe();
    return tokenizeChunk(tokenizer, chunk, maxLength);
  };
  return { tokenize, close: () => {} };
}

/**
 * Token rows of all examples: of each different text, or packed, of each example.
 * @returns null where it was stopped
 * @throws ProblemError where a worker fails
 */
export async function tokenizeExamples(
  source: Source,
  examples: TrainingExamples,
  { maxLength, packed, onProgress, stop }: Tokenizing,
): Promise<TokenStore | null> {
  const total = countRows(examples, packed);
  const chunks = new Array<TokenChunk>(Math.ceil(total / chunkRows));
  const spread = chunks.length >= fewestChunks && inBrowser;
  const size = spread ? Math.min(navigator.hardwareConcurrency, mostWorkers, chunks.length) : 1;
  const workers = Array.from({ length: size }, () => (spread ? startWorker : startHere)(source, maxLength));
  let next = 0;
  let done = 0;
  const drain = async (tokenize: Tokenize) => {
    while (next < chunks.length && !stop.aborted) {
      const index = next++;
      chunks[index] = await tokenize(cutChunk(examples, packed, index));
      done = Math.min(total, done + chunkRows);
      onProgress(done, total);
    }
  };
  try {
    onProgress(0, total);
    await Promise.all(workers.map(({ tokenize }) => drain(tokenize)));
  } finally {
    for (const { close } of workers) close();
  }
  return stop.aborted ? null : createTokenStore(chunks);
}
