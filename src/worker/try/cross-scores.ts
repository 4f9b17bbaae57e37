/** What a cross-encoder says of packed pairs of texts, as it was loaded and as it is now. */
import * as tf from '@tensorflow/tfjs';
import { predict } from '../../evaluation/evaluate.ts';
import type { Head } from '../active-model.ts';
import { askBoth, type Job, type Subject } from './subject.ts';

/** Pairs between two looks at the signal. */
const chunk = 128;

/**
 * @returns scores 0 … 1 `[pairs]`, or label probabilities `[pairs · labels]`; `before` is null where the head was new
 */
export function scorePairs(
  subject: Subject,
  head: Head,
  pairs: readonly (readonly [string, string])[],
  { signal, onProgress }: Job,
): Promise<{ before: Float32Array | null; now: Float32Array }> {
  const { tokenizer } = subject.target.loaded;
  const activate = head.kind === 'classes' ? tf.softmax : tf.sigmoid;
  const columns = head.kind === 'classes' ? head.labels.length : 1;
  const rows = pairs.map(([first, second]) => tokenizer.encode(first, subject.maxLength, second));
  const total = pairs.length * (subject.trained ? 2 : 1);
  let finished = 0;
  return askBoth(subject, async (_, model) => {
    const all = new Float32Array(pairs.length * columns);
    for (let start = 0; start < rows.length; start += chunk) {
      signal.throwIfAborted();
      const some = rows.slice(start, start + chunk);
      all.set(await predict(model(), some, (logits) => activate(logits)), start * columns);
      finished += some.length;
      onProgress(finished, total);
    }
    signal.throwIfAborted();
    return all;
  });
}
