/** The studio of the page: on a worker of its own. */
import type { BackendName } from '../contract/run.ts';
import { startWorker } from '../worker/client.ts';
import { createStudio } from './studio.ts';

/** `backend` forces a device, null lets the adapter decide; the device is started once `due`. */
export function openStudio(backend: BackendName | null, due: Promise<void>) {
  return createStudio(startWorker, backend, due);
}
