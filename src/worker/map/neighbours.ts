/** The nearest rows of every row, by Euclidean distance: each pair is looked at, which for a map's sentences takes a second at most. */

/** Row numbers and distances, the nearest first; the first is the row itself. */
export type Neighbours = { indices: number[][]; distances: number[][] };

/**
 * @param rows `[count · dimensions]`
 * @param k of each row, itself included; up to count
 */
export async function findNeighbours(
  rows: Float32Array,
  dimensions: number,
  k: number,
  breathe: () => Promise<void>,
): Promise<Neighbours> {
  const count = rows.length / dimensions;
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let row = 0; row < count; row++) {
    // The nearest so far, in order; of equals the earlier first. The row itself leads, also where another is the same.
    const nearest: number[] = [];
    const squares: number[] = [];
    for (let other = 0; other < count; other++) {
      let sum = 0;
      for (let j = 0; j < dimensions; j++) sum += (rows[row * dimensions + j]! - rows[other * dimensions + j]!) ** 2;
      const square = other === row ? -1 : sum;
      if (nearest.length === k && square >= squares[k - 1]!) continue;
      let place = nearest.length;
      while (place > 0 && squares[place - 1]! > square) place--;
      nearest.splice(place, 0, other);
      squares.splice(place, 0, square);
      nearest.length = squares.length = Math.min(k, nearest.length);
    }
    indices.push(nearest);
    distances.push(squares.map((square) => Math.sqrt(Math.max(0, square))));
    await breathe();
  }
  return { indices, distances };
}
