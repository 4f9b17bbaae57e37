/** Splits examples into a training and a held-out part that have no sentence in common. */
import { type Example, listTexts } from './examples.ts';
import { seedRandom, shuffleIndices } from './shuffle.ts';

/** For each example the index of one that stands for its group; examples that share a sentence are in one group. */
function groupBySentence(examples: readonly Example[]): Int32Array {
  const parent = Int32Array.from({ length: examples.length }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  };
  const owner = new Map<string, number>();
  examples.forEach((example, i) => {
    for (const text of listTexts(example)) {
      const other = owner.get(text);
      if (other === undefined) owner.set(text, i);
      else parent[find(i)] = find(other);
    }
  });
  return parent.map((_, i) => find(i));
}

/**
 * Holds out about `share` of the examples. Groups of examples that share a sentence (union-find) go to one side whole, in
 * seeded random order, as long as the share is not exceeded. Where every group is too large, the smallest is held
 * out; where there is only one group, nothing is. Both parts keep the order of the examples.
 * @param share 0…0.5
 */
export function splitHeldOut(
  examples: readonly Example[],
  share: number,
  seed: number,
): { train: Example[]; heldOut: Example[] } {
  const group = groupBySentence(examples);
  const sizes = new Map<number, number>();
  for (const id of group) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  const groups = [...sizes];

  // The small addend keeps 0.29 · 100 = 28.999999999999996 at 29.
  const wanted = Math.floor(share * examples.length + 1e-9);
  const chosen = new Set<number>();
  let count = 0;
  for (const i of shuffleIndices(groups.length, seedRandom(seed))) {
    const [id, size] = groups[i] as [number, number];
    if (count + size > wanted) continue;
    chosen.add(id);
    count += size;
  }
  if (!chosen.size && share > 0 && groups.length > 1) {
    const [id] = groups.reduce((smallest, other) => (other[1] < smallest[1] ? other : smallest));
    chosen.add(id);
  }
  const heldOut = examples.filter((_, i) => chosen.has(group[i] as number));
  return { train: examples.filter((_, i) => !chosen.has(group[i] as number)), heldOut };
}
