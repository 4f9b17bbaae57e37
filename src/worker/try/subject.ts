/** The model that Try asks: as it is now, and as its files have it. */
import type { PoolingMode } from '../../contract/catalogue.ts';
import type { Model } from '../../model/model.ts';
import { disposeParameters } from '../../model/parameters.ts';
import { type ActiveModel, headOfFiles, putOnDevice } from '../active-model.ts';

export type Side = 'before' | 'now';

export type Subject = {
  target: ActiveModel;
  /** Whether its weights may differ from those of the files. */
  trained: boolean;
  /** Changes whenever the weights do; compared part by part. */
  weights: readonly unknown[];
  pooling: PoolingMode;
  maxLength: number;
};

/** One question under way: it ends early when `signal` is aborted. */
export type Job = { signal: AbortSignal; onProgress: (done: number, total: number) => void };

/**
 * Asks the model as it is now, and, where it was trained, as it was loaded. The latter is on the device only while it is asked,
 * and only where `work` wants its weights.
 * @returns `before` is null where the head was new: it had nothing to say then
 */
export async function askBoth<T>(
  { target, trained }: Subject,
  work: (side: Side, model: () => Model) => Promise<T>,
): Promise<{ before: T | null; now: T }> {
  const { loaded, model, head } = target;
  const now = await work('now', () => model);
  if (head && JSON.stringify(headOfFiles(loaded)) !== JSON.stringify(head)) return { before: null, now };
  if (!trained) return { before: now, now };
  let original: Model | null = null;
  try {
    const before = await work('before', () => {
      original ??= putOnDevice(loaded);
      return original;
    });
    return { before, now };
  } finally {
    if (original) disposeParameters((original as Model).parameters);
  }
}
