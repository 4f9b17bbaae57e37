/**
 * Keeps the screen on while a run goes on in a page that is in sight, and the page from being frozen while it is not: a
 * page that holds a Web Lock is left running. Both are let go when the run pauses or ends.
 */
import { store } from '../session.ts';

const isRunning = () => {
  const { phase } = store.getState().run;
  return phase === 'starting' || phase === 'running';
};

async function lightScreen(held: WakeLockSentinel | null): Promise<WakeLockSentinel | null> {
  if (!isRunning()) {
    await held?.release();
    return null;
  }
  if (document.hidden || (held && !held.released)) return held;
  // Refused at low battery, or absent: the run does without.
  return (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
}

export function stayAwake(): void {
  let lighting: Promise<WakeLockSentinel | null> = Promise.resolve(null);
  let unfreeze: (() => void) | null = null;
  const follow = () => {
    lighting = lighting.then(lightScreen);
    if (isRunning() && !unfreeze) {
      const ended = new Promise<void>((resolve) => {
        unfreeze = resolve;
      });
      // Shared, so that runs in two tabs do not wait for each other.
      void navigator.locks?.request('embedsmith-run', { mode: 'shared' }, () => ended).catch(() => {});
    }
    if (!isRunning()) {
      unfreeze?.();
      unfreeze = null;
    }
  };
  store.subscribe(({ run }, before) => {
    if (run.phase !== before.run.phase) follow();
  });
  // The browser takes the lock away from a hidden page.
  document.addEventListener('visibilitychange', follow);
}
