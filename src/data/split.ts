/** Splits examples into a training and a held-out part that have no sentence in common. */
import { type Example, listTexts } from './examples.ts';
import { seedRandom, shuffleIndices } from './shuffle.ts';
import { createTextNumbers } from './text-numbers.ts';

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
  const { number } = createTextNumbers();
  /** By text: the first example with it. */
  const owners: number[] = [];
  examples.forEach((example, i) => {
    for (const text of listTexts(example)) {
      const at = number(text);
      const owner = owners[at];
      if (owner === undefined) owners.push(i);
      else parent[find(i)] = find(owner);
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
  /** By group: how many examples it has; and the groups in order of appearance. */
  const sizes = new Int32Array(examples.length);
  const groups: number[] = [];
  const sizeOf = (id: number) => sizes[id] as number;
  for (const id of group) {
    if (sizeOf(id) === 0) groups.push(id);
    sizes[id] = sizeOf(id) + 1;
  }

  // The small addend keeps 0.29 · 100 = 28.999999999999996 at 29.
  const wanted = Math.floor(share * examples.length + 1e-9);
  const chosen = new Set<number>();
  let count = 0;
  for (const i of shuffleIndices(groups.length, seedRandom(seed))) {
    const id = groups[i] as number;
    if (count + sizeOf(id) > wanted) continue;
    chosen.add(id);
    count += sizeOf(id);
  }
  if (!chosen.size && share > 0 && groups.length > 1) {
    chosen.add(groups.reduce((smallest, other) => (sizeOf(other) < sizeOf(smallest) ? other : smallest)));
  }
  const heldOut = examples.filter((_, i) => chosen.has(group[i] as number));
  return { train: examples.filter((_, i) => !chosen.has(group[i] as number)), heldOut };
}
