/** Embeddings of texts of length 1, kept for as long as the weights that gave them are the same. */
import { embedSentences } from '../../evaluation/embed.ts';
import { askBoth, type Job, type Side, type Subject } from './subject.ts';

/** Texts between two looks at the signal. */
const chunk = 256;

/** More than a corpus and a list together; the memory is emptied when it is full. */
const mostKept = 25_000;

type Kept = { key: readonly unknown[]; rows: Map<string, Float32Array> };

export type Embedder = ReturnType<typeof createEmbedder>;

export function createEmbedder() {
  const kept: Partial<Record<Side, Kept>> = {};

  /** The rows that are known for these weights. */
  function recall(side: Side, key: readonly unknown[]): Map<string, Float32Array> {
    const found = kept[side];
    if (found && found.key.length === key.length && found.key.every((part, i) => part === key[i])) return found.rows;
    const rows = new Map<string, Float32Array>();
    kept[side] = { key, rows };
    return rows;
  }

  /**
   * @returns for each side one row of length 1 for each text; `before` is that of `now` where nothing was trained
   */
  async function embed(
    subject: Subject,
    texts: readonly string[],
    { signal, onProgress }: Job,
  ): Promise<Record<Side, Float32Array[]>> {
    const { target, pooling, maxLength, weights } = subject;
    const { tokenizer, config } = target.loaded;
    const hidden = config.hidden_size;
    const distinct = [...new Set(texts)];
    const total = distinct.length * (subject.trained ? 2 : 1);
    let finished = 0;
    const { before, now } = await askBoth(subject, async (side, model) => {
      const own = side === 'now' ? weights : [target.loaded];
      const rows = recall(side, [...own, pooling, maxLength]);
      const missing = distinct.filter((text) => !rows.has(text));
      if (rows.size + missing.length > mostKept) rows.clear();
      const wanted = rows.size === 0 ? distinct : missing;
      finished += distinct.length - wanted.length;
      onProgress(finished, total);
      for (let start = 0; start < wanted.length; start += chunk) {
        signal.throwIfAborted();
        const some = wanted.slice(start, start + chunk);
        const ids = some.map((text) => tokenizer.encode(text, maxLength).ids);
        const embedded = await embedSentences(model(), ids, pooling, true);
        for (const [i, text] of some.entries()) rows.set(text, embedded.slice(i * hidden, (i + 1) * hidden));
        finished += some.length;
        onProgress(finished, total);
      }
      signal.throwIfAborted();
      return texts.map((text) => rows.get(text)!);
    });
    return { before: before ?? now, now };
  }

  return { embed };
}

/** Of rows of length 1, the cosine. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
