/** A worker that only tokenises: it takes a tokenizer's files first, then chunk after chunk of texts. */
import { type TextChunk, type TokenChunk, tokenizeChunk } from '../data/token-store.ts';
import { createTokenizer } from '../data/tokenizer.ts';

/** What the pool sends; each chunk is answered with its {@link TokenChunk}. */
export type TokenizerRequest =
  | { kind: 'start'; json: object; config: object; maxLength: number }
  | { kind: 'chunk'; chunk: TextChunk };

let tokenize: ((chunk: TextChunk) => TokenChunk) | null = null;

self.addEventListener('message', ({ data }: MessageEvent<TokenizerRequest>) => {
  if (data.kind === 'start') {
    const tokenizer = createTokenizer(data.json, data.config);
    tokenize = (chunk) => tokenizeChunk(tokenizer, chunk, data.maxLength);
    return;
  }
  const tokens = tokenize!(data.chunk);
  const buffers = [tokens.ids.buffer, tokens.offsets.buffer, ...(tokens.types ? [tokens.types.buffer] : [])];
  self.postMessage(tokens, { transfer: buffers });
});
