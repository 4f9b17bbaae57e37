/** Which programs of ours run, as WGSL, for snapshots and counts. */
import type { Dispatcher } from '../../src/kernels/device/dispatch.ts';
import { wgslOf } from '../../src/kernels/device/program.ts';

/** The WGSL of what `body` runs, in the order of the dispatches. */
export function programsOf(gpu: Dispatcher, body: () => void): string[] {
  const seen: string[] = [];
  const run = gpu.run.bind(gpu);
  gpu.run = (program, ...rest) => {
    seen.push(`// ${program.name}\n${wgslOf(program)}`);
    run(program, ...rest);
  };
  try {
    body();
  } finally {
    gpu.run = run;
  }
  return seen;
}
