/** A device that has failed is not to be trusted: whatever it computes from then on may be zeros. */
import { fail } from '../contract/problems.ts';

/** The device's first error, if there was one. */
export type FaultReader = () => { kind: 'error' | 'lost' | 'memory'; reason: string } | null;

/** @throws ProblemError if the device has failed; `step` and `batchSize` are those of the run, for the sentence */
export function requireDevice(fault: FaultReader, step: number, batchSize: number): void {
  const found = fault();
  if (found?.kind === 'memory') fail('out-of-memory', { step, batchSize });
  if (found) fail(found.kind === 'lost' ? 'webgpu-lost' : 'webgpu-error', { step, reason: found.reason });
}
