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
  const squares = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    for (let other = 0; other < count; other++) {
      let sum = 0;
      for (let j = 0; j < dimensions; j++) sum += (rows[row * dimensions + j]! - rows[other * dimensions + j]!) ** 2;
      squares[other] = sum;
    }
    squares[row] = -1; // itself first, also where another is the same
    const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => squares[a]! - squares[b]! || a - b);
    squares[row] = 0;
    indices.push(order.slice(0, k));
    distances.push(order.slice(0, k).map((other) => Math.sqrt(squares[other]!)));
    await breathe();
  }
  return { indices, distances };
}
