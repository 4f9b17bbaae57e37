/**
 * Numbers texts, each different one once, from 0: an open-addressing hash table of numbers beside the texts. A Map with two
 * million texts takes well over a hundred megabytes, and half as much again while it grows; this takes a quarter.
 */

const emptiest = 1 << 10;

/** FNV-1a over the code units. */
function hashText(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  // The low bits choose the place: let the high ones count too.
  return value ^ (value >>> 15);
}

export function createTextNumbers() {
  const texts: string[] = [];
  /** Number + 1 of the text in a place, or 0; at most half full. */
  let places = new Int32Array(emptiest);
  /** By number. */
  let hashes = new Int32Array(emptiest / 2);

  /** The place of the text, or the empty one where it belongs. */
  const find = (text: string, hash: number): number => {
    const mask = places.length - 1;
    let at = hash & mask;
    for (;;) {
      const number = (places[at] as number) - 1;
      if (number === -1 || (hashes[number] === hash && texts[number] === text)) return at;
      at = (at + 1) & mask;
    }
  };

  const grow = () => {
    const old = hashes;
    hashes = new Int32Array(places.length);
    hashes.set(old);
    places = new Int32Array(places.length * 2);
    for (const [number, text] of texts.entries()) places[find(text, hashes[number] as number)] = number + 1;
  };

  return {
    /** The texts by their numbers. */
    texts,

    /** The number of a text; a new one where it was not met before. */
    number(text: string): number {
      const hash = hashText(text);
      if (texts.length * 2 === places.length) grow();
      const at = find(text, hash);
      const found = (places[at] as number) - 1;
      if (found !== -1) return found;
      hashes[texts.length] = hash;
      texts.push(text);
      places[at] = texts.length;
      return texts.length - 1;
    },
  };
}
