/**
 * Registers the service worker of a build: the page then works without a network, and is isolated on hosts that send no
 * headers, after one reload. A new version is taken at once while nothing has been done here, and offered by a note else.
 */
import { createStore } from 'zustand/vanilla';
import type { ToServiceWorker } from '../../service-worker.ts';
import { isActive } from '../../store/run.ts';
import type { Studio } from '../../store/state.ts';
import { whenIdle } from '../idle.ts';
import { store } from '../session.ts';

/** A version that waits to be taken. */
export const update = createStore<{ waiting: ServiceWorker | null }>(() => ({ waiting: null }));

/** Marks the one reload that isolates the page, so that a browser which cannot isolate it is not reloaded for ever. */
const isolating = 'isolating';

const tell = (worker: ServiceWorker | null, message: ToServiceWorker) => worker?.postMessage(message);

/** Whether a reload would lose nothing. */
function isUntouched(): boolean {
  const { slots, run, view, model } = store.getState();
  const hasData = Object.values(slots).some(({ table, reading, removed }) => table || reading || removed);
  return !hasData && !isActive(run) && view === 'data' && model.phase === 'none';
}

let leaving = false;

function reload(): void {
  if (leaving) return;
  leaving = true;
  location.reload();
}

/** Loads the page in its new version. */
export function takeUpdate(): void {
  const { waiting } = update.getState();
  if (!waiting) return;
  navigator.serviceWorker.addEventListener('controllerchange', reload);
  tell(waiting, 'take-over');
}

function offer(waiting: ServiceWorker | null): void {
  if (!waiting) return;
  update.setState({ waiting });
  if (isUntouched()) takeUpdate();
}

/** Reloads once the worker answers for the page, where that gives it the threads it lacks. */
function isolate(): void {
  if (crossOriginIsolated || sessionStorage.getItem(isolating)) return;
  const take = () => {
    if (!isUntouched()) return; // the next visit will be isolated
    sessionStorage.setItem(isolating, 'yes');
    reload();
  };
  if (navigator.serviceWorker.controller) take();
  else navigator.serviceWorker.addEventListener('controllerchange', take, { once: true });
}

/** What the worker stores keeps a machine busy for a second or two, in which the page and its device are to start. */
const deviceStarted = () =>
  new Promise<void>((resolve) => {
    const look = ({ engine }: Studio) => {
      if (engine.phase === 'starting') return;
      leave();
      whenIdle(resolve);
    };
    const leave = store.subscribe(look);
    look(store.getState());
  });

async function register(): Promise<void> {
  isolate();
  const registration = await navigator.serviceWorker.register('service-worker.js', { updateViaCache: 'none' });
  offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const { installing, active } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && active) offer(registration.waiting);
    });
  });
  const { active } = await navigator.serviceWorker.ready;
  await deviceStarted();
  tell(active, 'fill');
  document.addEventListener('visibilitychange', () => {
    // Offline there is nothing to be found.
    if (!document.hidden) void registration.update().catch(() => {});
  });
}

/** Storage and workers may be forbidden; the page does without. */
export function workOffline(): void {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) void register().catch(() => {});
}
