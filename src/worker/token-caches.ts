/** Tokens that are made once: of texts for evaluations, and of training examples, for as long as model and length stay the same. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { RunEvent } from '../contract/run.ts';
import type { TrainingExamples } from '../data/example-columns.ts';
import { createTokenCache, type Encode } from '../data/token-cache.ts';
import { chunkRows, type TokenStore } from '../data/token-store.ts';
import type { ActiveModel } from './active-model.ts';
import { tokenizeExamples } from './tokenize.ts';

export function createTokenCaches(emit: (event: RunEvent) => void) {
  let texts: { key: string; encode: Encode } | null = null;
  const examplesKept = new WeakMap<TrainingExamples, { rows: TokenStore; key: unknown[] }>();

  return {
    /** Token rows of texts. */
    encoder({ loaded }: ActiveModel, maxLength: number): Encode {
      const key = `${loaded.name} ${maxLength}`;
      if (texts?.key !== key) texts = { key, encode: createTokenCache(loaded.tokenizer, maxLength) };
      return texts.encode;
    },

    /** Token rows of training examples; null where it was stopped. Of much data it tells how far it is. */
    async ofExamples(
      { loaded }: ActiveModel,
      examples: TrainingExamples,
      { objective, maxLength }: RunConfig,
      { runId, stop }: { runId: string; stop: AbortSignal },
    ): Promise<TokenStore | null> {
      const packed = objective === 'cross-encoder';
      const key = [loaded.tokenizer, maxLength, packed];
      const found = examplesKept.get(examples);
      if (found?.key.every((part, i) => part === key[i])) return found.rows;
      examplesKept.delete(examples);
      const onProgress = (done: number, total: number) => {
        if (total > chunkRows) emit({ runId, step: 0, type: 'tokenizing', done, total });
      };
      const rows = await tokenizeExamples(loaded, examples, { maxLength, packed, onProgress, stop });
      if (rows) examplesKept.set(examples, { rows, key });
      return rows;
    },

    /** Forgets the texts'. */
    clear(): void {
      texts = null;
    },
  };
}
