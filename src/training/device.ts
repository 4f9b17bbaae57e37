/** A device that has failed is not to be trusted: whatever it computes from then on may be zeros. */
import { fail, type Text } from '../contract/problems.ts';

/** The device's first error, if there was one. */
export type FaultReader = () => { kind: 'error' | 'lost' | 'memory'; reason: string } | null;

const smaller: Text = {
  en: 'Choose a smaller batch or a smaller maximum length.',
  zh: '请减小批大小或最大长度。',
};

/**
 * @param step and `batchSize` are those of the run, for the sentence
 * @param advise what to do where memory ran out
 * @throws ProblemError if the device has failed
 */
export function requireDevice(fault: FaultReader, step: number, batchSize: number, advise = () => smaller): void {
  const found = fault();
  if (found?.kind === 'memory') fail('out-of-memory', { step, batchSize, advice: advise() });
  if (found) fail(found.kind === 'lost' ? 'webgpu-lost' : 'webgpu-error', { step, reason: found.reason });
}
