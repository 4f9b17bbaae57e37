/** The fixed sample of sentences that a map shows: the texts of the first pairs, each once. */
import type { EmbeddingMap, SamplePair } from '../../contract/trials.ts';

export type Sample = Pick<EmbeddingMap, 'texts' | 'pairs'>;

/** Takes pairs in their order until they would have more than `most` different texts. An empty second text is none. */
export function takeSample(pairs: readonly SamplePair[], most: number): Sample {
  const numbers = new Map<string, number>();
  const found: Sample['pairs'] = [];
  const number = (text: string) => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  for (const { first, second, gold } of pairs) {
    const fresh = new Set([first, second || first].filter((text) => !numbers.has(text)));
    if (numbers.size + fresh.size > most) break;
    const one = number(first);
    found.push({ first: one, second: second ? number(second) : one, gold });
  }
  return { texts: [...numbers.keys()], pairs: found };
}
