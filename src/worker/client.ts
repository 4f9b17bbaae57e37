/** The page's side of the worker: typed calls that return promises, and the run's events. */
import type { CallName, Calls, DownloadProgress, Reply, Request } from '../contract/calls.ts';
import { ProblemError, problem } from '../contract/problems.ts';
import type { RunEvent } from '../contract/run.ts';
import type { TrialProgress } from '../contract/trials.ts';

export type Client = {
  /** Asks the worker; rejects with a {@link ProblemError}. */
  call<K extends CallName>(name: K, params: Calls[K]['params']): Promise<Calls[K]['result']>;
  close(): void;
};

/**
 * The worker, which starts at the first call. `onEvent` hears every event of every run, in order; `onDownload` how far a
 * model's files are, `onTrial` how far what Try asked.
 */
export function startWorker(
  onEvent: (event: RunEvent) => void,
  onDownload: (progress: DownloadProgress) => void,
  onTrial: (progress: TrialProgress) => void,
): Client {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let broken: ProblemError | null = null;
  let worker: Worker | null = null;

  const hear = ({ data }: MessageEvent<Reply>) => {
    if (data.kind === 'event') return onEvent(data.event);
    if (data.kind === 'download') return onDownload(data.progress);
    if (data.kind === 'trial') return onTrial(data.progress);
    const caller = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === 'result') caller?.resolve(data.result as never);
    else caller?.reject(Object.assign(new ProblemError(data.error.problem), { stack: data.error.stack }));
  };
  const fail = ({ message }: ErrorEvent) => {
    broken = new ProblemError(problem('unexpected', { reason: message || 'the worker did not start' }));
    for (const { reject } of waiting.values()) reject(broken);
    waiting.clear();
  };
  const open = (): Worker => {
    const opened = new Worker(new URL('./worker.ts', import.meta.url), {
      type: 'module',
      name: document.baseURI, // where the page lies: presets are loaded from beside it
    });
    opened.addEventListener('message', hear);
    opened.addEventListener('error', fail);
    return opened;
  };

  return {
    call(name, params) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        waiting.set(id, { resolve, reject });
        worker ??= open();
        worker.postMessage({ id, name, params } as Request);
      });
    },
    close: () => worker?.terminate(),
  };
}
