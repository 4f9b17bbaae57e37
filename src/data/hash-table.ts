/** A map from 53-bit hashes to whole numbers in two flat arrays: a million entries take 25 MB, where a Map takes 100 and more. */

export type HashTable = {
  /** The number of `hash`, or −1. */
  get(hash: number): number;
  /** Keeps the number that a hash already has. @returns whether it was new */
  add(hash: number, value: number): boolean;
};

/** @param most entries that will be added at most */
export function createHashTable(most: number): HashTable {
  // At most half full, so that few places are looked at; no hash is −1.
  const capacity = 2 ** Math.ceil(Math.log2(2 * most + 2));
  const hashes = new Float64Array(capacity).fill(-1);
  const values = new Int32Array(capacity);
  /** The place of a hash, or the empty one where it belongs. */
  const placeOf = (hash: number): number => {
    let place = (hash ^ (hash / 4294967296)) & (capacity - 1);
    while (hashes[place] !== -1 && hashes[place] !== hash) place = (place + 1) & (capacity - 1);
    return place;
  };
  return {
    get(hash) {
      const place = placeOf(hash);
      return hashes[place] === -1 ? -1 : (values[place] as number);
    },
    add(hash, value) {
      const place = placeOf(hash);
      if (hashes[place] !== -1) return false;
      hashes[place] = hash;
      values[place] = value;
      return true;
    },
  };
}
