/** Frames of embeddings to pictures that can be compared: one basis for all by PCA, or UMAPs turned onto each other. */
import type { EmbeddingMap, MapMethod } from '../../contract/trials.ts';
import type { Job } from '../try/subject.ts';
import type { Frame } from './frames.ts';
import { fitPca, project } from './pca.ts';
import { alignTo } from './procrustes.ts';

/** A UMAP takes seconds: the first and the last frame have one, and a few between them where there are not too many points. */
const mostUmaps = 5;
const manyPoints = 1000;
const seed = 1;

/** Below this many points there are no neighbourhoods to keep. */
const fewestPoints = 8;

/** `most` of them: the first, the last, and some evenly spread between them. */
function thinOut(frames: readonly Frame[], most: number): readonly Frame[] {
  const wanted = Math.min(frames.length, most);
  if (wanted < 2) return frames;
  return Array.from({ length: wanted }, (_, i) => frames[Math.round((i * (frames.length - 1)) / (wanted - 1))]!);
}

type Picture = Pick<EmbeddingMap, 'frames' | 'explained'>;

/** Onto the two main directions of the last frame. */
function projectByPca(frames: readonly Frame[], hidden: number): Picture {
  const basis = fitPca(frames.at(-1)!.rows, hidden, 2);
  return {
    frames: frames.map(({ step, rows }) => ({ step, positions: project(rows, basis) })),
    explained: [basis.explained[0]!, basis.explained[1]!],
  };
}

/** Each frame by itself, then from the last to the first turned onto the one after it. */
async function projectByUmap(all: readonly Frame[], hidden: number, { signal, onProgress }: Job): Promise<Picture> {
  const { layOutUmap } = await import('./umap.ts');
  const frames = thinOut(all, all[0]!.rows.length / hidden > manyPoints ? 2 : mostUmaps);
  const found: { step: number; positions: Float32Array }[] = [];
  for (const [i, { step, rows }] of [...frames].reverse().entries()) {
    const part = (done: number, total: number) => onProgress(i * total + done, frames.length * total);
    const positions = await layOutUmap(rows, hidden, seed, { signal, onProgress: part });
    const next = found[0]?.positions;
    found.unshift({ step, positions: next ? alignTo(positions, next) : positions });
  }
  return { frames: found, explained: null };
}

/** @param frames at least one, of the same sentences; too few sentences for UMAP are laid out by PCA */
export async function projectFrames(
  frames: readonly Frame[],
  hidden: number,
  method: MapMethod,
  job: Job,
): Promise<Picture> {
  const points = frames[0]!.rows.length / hidden;
  return method === 'pca' || points < fewestPoints ? projectByPca(frames, hidden) : projectByUmap(frames, hidden, job);
}
