/** Keeps the queue of runs over a reload or a crash of the tab; each tab has its own. */

import type { RunConfig } from '../../contract/catalogue.ts';
import { checkConfig } from '../../contract/config.ts';
import { actions, store } from '../session.ts';

const key = 'queue';

/** Configurations that were waiting; without those that this version of the page does not take. */
function recall(): RunConfig[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(found) ? found.filter((config) => Object.keys(checkConfig(config)).length === 0) : [];
  } catch {
    return []; // storage may be forbidden; the queue is then gone with the page
  }
}

export function keepQueue(): void {
  actions.takeQueue(recall());
  store.subscribe(({ queue }, before) => {
    if (queue.waiting === before.queue.waiting) return;
    try {
      sessionStorage.setItem(key, JSON.stringify(queue.waiting));
    } catch {
      // as above
    }
  });
}
