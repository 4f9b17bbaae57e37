/** UMAP (McInnes, Healy & Melville 2018) by Google's umap-js: seeded, and in pieces that can be ended. It is fetched when it is asked for. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { UMAP } from 'umap-js';
import { createBreather } from '../../data/next-task.ts';
import { seedRandom } from '../../data/shuffle.ts';
import type { Job } from '../try/subject.ts';
import { findNeighbours } from './neighbours.ts';

const neighbours = 15;
const minimumDistance = 0.1;

/** From here on an epoch takes long, and fewer are enough to tell neighbourhoods. */
const manyPoints = 500;
const fewEpochs = 200;

/**
 * @param rows `[count · dimensions]`, at least two of them
 * @returns `[count · 2]`
 */
export async function layOutUmap(
  rows: Float32Array,
  dimensions: number,
  seed: number,
  { signal, onProgress }: Job,
): Promise<Float32Array> {
  const random = seedRandom(seed);
  const count = rows.length / dimensions;
  const nNeighbors = Math.min(neighbours, count - 1);
  const umap = new UMAP({
    nNeighbors,
    nEpochs: count > manyPoints ? fewEpochs : undefined,
    minDist: minimumDistance,
    random: () => uniformFloat64(random),
  });
  const breathe = createBreather();
  const { indices, distances } = await findNeighbours(rows, dimensions, nNeighbors, breathe);
  umap.setPrecomputedKNN(indices, distances);
  // With the neighbours known, of the points nothing but their number is looked at.
  const epochs = umap.initializeFit(indices.map((_, i) => [i]));
  for (let epoch = 0; epoch < epochs; epoch++) {
    signal.throwIfAborted();
    umap.step();
    onProgress(epoch + 1, epochs);
    await breathe();
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
