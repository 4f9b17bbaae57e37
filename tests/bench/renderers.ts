/** What the browser's processes of pages hold in memory. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright';

/** The renderer processes of the browser: that of the page, with all of its workers, is the largest of them. */
export async function listRenderers(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Resident memory of a process in MB, now and at its highest (Linux; NaN elsewhere). */
export function readMemory(process: number): { now: number; peak: number } {
  const status = readdirSync('/proc').includes(String(process)) ? readFileSync(`/proc/${process}/status`, 'utf8') : '';
  const megabytes = (field: string) => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1e3);
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}
