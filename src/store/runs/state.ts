/** What the screen knows of the runs that are kept on this device. */
import type { RunEntry } from '../../contract/runs.ts';
import type { RunOrder } from './table.ts';

export type RunsState = {
  /** The newest first. */
  entries: readonly RunEntry[];
  /** Those removed last, which can be brought back. */
  removed: readonly RunEntry[];
  /** Interrupted runs that the user does not want to continue now. */
  declined: ReadonlySet<string>;
  order: RunOrder;
  /** The run whose data and model are being brought back. */
  restoring: string | null;
};

export const freshRuns: RunsState = {
  entries: [],
  removed: [],
  declined: new Set(),
  restoring: null,
  order: { by: 'createdAt', descending: true },
};

/** The newest run that was cut off and can continue; null where there is none, or the user has declined. */
export function interruptedRun({ entries, declined }: RunsState): RunEntry | null {
  const found = entries.find(({ status, checkpoint }) => status === 'interrupted' && checkpoint !== null);
  return found && !declined.has(found.id) ? found : null;
}
