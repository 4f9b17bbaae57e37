/** Actions on the project file: kept runs, with the form's options, out of this browser and into another. */
import { attempt, type Desk } from '../desk.ts';
import { configOf } from '../options.ts';
import { isActive } from '../run.ts';
import { writeOptions } from './restore.ts';

export function projectActions(desk: Desk, listRuns: () => Promise<void>, replan: () => void) {
  const { get, set, ask } = desk;

  /** Runs as one file; null where that failed. */
  function exportProject(ids: readonly string[], choice: { data: boolean; weights: boolean }): Promise<Blob | null> {
    const config = configOf(get().drafts);
    return attempt(desk, 'runs', () => ask('exportProject', { ids, ...choice, config }));
  }

  /** Takes a project's runs in, and its options into the form. @returns how many runs were new */
  async function importProject(file: File): Promise<number | null> {
    const found = await attempt(desk, 'runs', () => ask('importProject', { file }));
    if (!found) return null;
    if (found.config && !isActive(get().run)) {
      writeOptions({ set }, found.config);
      replan();
    }
    await listRuns();
    return found.runs;
  }

  return { exportProject, importProject };
}
