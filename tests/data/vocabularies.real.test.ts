/** Token ids on the published WordPiece vocabularies, read from the folder EMBEDSMITH_VOCAB. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { createTokenizer, wordPieceTokenizerJson } from '../../src/data/tokenizer.ts';
import { requireFolder } from '../support/folders.ts';
import { expectGoldenIds } from '../support/token-ids.ts';

test.each(['bert-base-uncased', 'bert-base-chinese'])('%s gives the token ids of the Rust library', (name) => {
  const vocabulary = readFileSync(join(requireFolder('EMBEDSMITH_VOCAB'), `${name}-vocab.txt`), 'utf8');
  // The reference was built from the bare vocabulary: literal “[CLS]” in a text is no special token there.
  const bare = { ...wordPieceTokenizerJson(vocabulary, true), added_tokens: [] };
  expectGoldenIds(createTokenizer(bare, {}), name);
});
