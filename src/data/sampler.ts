/** Plans an epoch: examples in seeded random order, cut into batches, on wish with no sentence twice in a batch. */
import type { TrainingExamples } from './example-columns.ts';
import { seedRandom, shuffleIndices } from './shuffle.ts';

/**
 * The batches of one epoch, as indices into `examples`.
 *
 * With `distinct`, no two rows of a batch share a sentence: a second copy of an anchor's positive would be counted as its
 * negative. As in sentence-transformers' NoDuplicatesBatchSampler a row that does not fit waits for the next batch, before
 * all later rows. A row that holds one sentence twice itself is taken as it is.
 * The last batch may be smaller. One of fewer than 2 rows, or of less than a quarter of the largest, is dropped: with few
 * negatives to tell apart its loss says nothing, yet its step would weigh as much as any other.
 * @param batchSize 2 or more
 * @param epoch from 0; the order is another in each
 */
export function planEpoch(
  examples: TrainingExamples,
  batchSize: number,
  seed: number,
  epoch: number,
  distinct: boolean,
): Int32Array[] {
  const order = shuffleIndices(examples.count, seedRandom(seed, epoch));
  const batches = distinct ? packDistinct(examples, order, batchSize) : cutEvenly(order, batchSize);
  const largest = batches.reduce((most, { length }) => Math.max(most, length), 0);
  return batches.filter(({ length }) => length >= Math.max(2, largest / 4));
}

function cutEvenly(order: Int32Array, batchSize: number): Int32Array[] {
  const batches: Int32Array[] = [];
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize));
  return batches;
}

/**
 * Puts each row, in order, into the first batch that has room and none of its sentences. That gives the very batches of
 * filling one after the other from the waiting rows, but needs no rescan of those: a batch that is full, or holds a
 * sentence, stays so, hence each sentence remembers the first batch worth trying, and full batches are skipped by
 * union-find. Near linear also where one sentence is in half of the rows.
 */
function packDistinct({ width, texts, numbers }: TrainingExamples, order: Int32Array, batchSize: number): Int32Array[] {
  const batches: { rows: number[]; sentences: Set<number> }[] = [];
  /** By sentence: no batch before this one can take it. */
  const firstTry = new Int32Array(texts.length);
  /** By batch: itself while it has room, else a later one. */
  const roomFrom: number[] = [0];

  const findRoom = (batch: number): number => {
    let at = batch;
    while (roomFrom[at] !== at) {
      roomFrom[at] = roomFrom[roomFrom[at] as number] as number;
      at = roomFrom[at] as number;
    }
    return at;
  };
  for (const row of order) {
    const sentences = numbers.subarray(row * width, (row + 1) * width);
    let at = 0;
    for (const sentence of sentences) {
      let first = findRoom(firstTry[sentence] as number);
      while (batches[first]?.sentences.has(sentence)) first = findRoom(first + 1);
      firstTry[sentence] = first;
      at = Math.max(at, first);
    }
    while (sentences.some((sentence) => batches[at]?.sentences.has(sentence))) at = findRoom(at + 1);

    let batch = batches[at];
    if (!batch) {
      batch = { rows: [], sentences: new Set() };
      batches.push(batch);
      roomFrom.push(batches.length);
    }
    batch.rows.push(row);
    for (const sentence of sentences) batch.sentences.add(sentence);
    if (batch.rows.length === batchSize) {
      roomFrom[at] = at + 1;
      batch.sentences.clear();
    }
  }
  return batches.map(({ rows }) => Int32Array.from(rows));
}
