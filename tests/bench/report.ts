/** What a finished run leaves: the tables on the screen, the rows in a file, and the exit code. */
import { writeFileSync } from 'node:fs';
import type { BenchOptions } from './options.ts';
import type { Result } from './run.ts';
import { renderKernels, renderRows } from './table.ts';

/** @returns 1 where an engine failed or nothing was measured, else 0 */
export function reportResult({ rows, failures }: Result, { json, kernels }: BenchOptions): number {
  console.log(`\n${renderRows(rows)}`);
  if (kernels) console.log(`\n${renderKernels(rows)}`);
  for (const { engine, backend, workload, reason } of failures) {
    const { model, pairs, tokens, lengths } = workload;
    console.log(`\nFailed: ${engine} on ${backend}, ${model} ${pairs} × ${tokens} ${lengths}. ${reason}`);
  }
  if (json) writeFileSync(json, `${JSON.stringify(rows, null, 1)}\n`);
  return failures.length > 0 || rows.length === 0 ? 1 : 0;
}

export function say(line: string): void {
  console.error(line);
}
