/** Compares a tokenizer with the token ids of the Rust library (tests/golden/tokenizers.json). */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Tokenizer } from '../../src/data/tokenizer.ts';

type Case = { text?: string; pair?: [string, string]; ids: number[]; type_ids?: number[] };

const golden: Record<string, Record<'single' | 'pairs' | 'truncated_to_16', Case[]>> = JSON.parse(
  readFileSync(new URL('../golden/tokenizers.json', import.meta.url), 'utf8'),
);

/** Every golden text, pair and truncation of the vocabulary `name`. */
export function expectGoldenIds(tokenizer: Tokenizer, name: string): void {
  const { single, pairs, truncated_to_16 } = golden[name]!;
  expect(single.length + pairs.length + truncated_to_16.length).toBeGreaterThan(40);
  const compare = (cases: Case[], maxLength: number) => {
    for (const { text, pair, ids, type_ids } of cases) {
      const [first, second] = pair ?? [text!];
      const found = tokenizer.encode(first, maxLength, second);
      expect([...found.ids], JSON.stringify(first)).toEqual(ids);
      if (type_ids) expect([...found.types], JSON.stringify(first)).toEqual(type_ids);
    }
  };
  compare(single, 512);
  compare(pairs, 512);
  compare(truncated_to_16, 16);
}
