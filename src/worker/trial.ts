/** Two sentences, as the model was loaded and as it is now: their cosine, or what a cross-encoder says of them. */
import * as tf from '@tensorflow/tfjs';
import type { Trial } from '../contract/calls.ts';
import type { RunConfig } from '../contract/catalogue.ts';
import type { Encode } from '../data/token-cache.ts';
import { embedSentences } from '../evaluation/embed.ts';
import { predict } from '../evaluation/evaluate.ts';
import type { Model } from '../model/model.ts';
import { disposeParameters } from '../model/parameters.ts';
import { type ActiveModel, headOfFiles, putOnDevice } from './active-model.ts';

/** The pooling is that of the model's run, before any run that of `config`. */
export async function tryPair(
  { loaded, model, head, pooling, record }: ActiveModel,
  [first, second]: readonly [string, string],
  config: RunConfig,
  encode: Encode,
): Promise<Trial> {
  const ask = async (asked: Model): Promise<number[]> => {
    if (head) {
      const activate = head.kind === 'classes' ? tf.softmax : tf.sigmoid;
      return [...(await predict(asked, [encode(first, second)], (logits) => activate(logits)))];
    }
    const used = record ? pooling : config.pooling;
    const rows = await embedSentences(asked, [encode(first).ids, encode(second).ids], used, true);
    const hidden = asked.config.hidden_size;
    return [rows.subarray(0, hidden).reduce((sum, value, i) => sum + value * rows[hidden + i]!, 0)];
  };

  const now = await ask(model);
  // A head that the run drew anew had nothing to say before.
  if (head && JSON.stringify(headOfFiles(loaded)) !== JSON.stringify(head)) return describe(null, now);
  const original = putOnDevice(loaded);
  try {
    return describe(await ask(original), now);
  } finally {
    disposeParameters(original.parameters);
  }

  function describe(before: number[] | null, after: number[]): Trial {
    if (!head) return { kind: 'cosine', before: before![0]!, now: after[0]! };
    if (head.kind === 'score') return { kind: 'score', before: before?.[0] ?? null, now: after[0]! };
    return { kind: 'classes', labels: head.labels, before, now: after };
  }
}
