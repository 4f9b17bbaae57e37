/** The map of the evaluation's sentences: over the evaluations of the last run, or of the model as it stands. */
import { fail } from '../../contract/problems.ts';
import type { EmbeddingMap, MapMethod, SamplePair } from '../../contract/trials.ts';
import type { Embedder } from '../try/embedder.ts';
import type { Job, Subject } from '../try/subject.ts';
import { type Frame, type FrameLog, sampleLimit } from './frames.ts';
import { projectFrames } from './project-frames.ts';
import { type Sample, takeSample } from './sample.ts';

type Source = {
  /** Of the last run; null before any. */
  log: FrameLog | null;
  /** The data's pairs, for where there is no log. */
  pairs: () => SamplePair[];
  /** The step that the weights are of. */
  step: number;
};

/** Puts rows one after the other. */
function join(rows: readonly Float32Array[], hidden: number): Float32Array {
  const all = new Float32Array(rows.length * hidden);
  for (const [i, row] of rows.entries()) all.set(row, i * hidden);
  return all;
}

/** @throws ProblemError of a cross-encoder, which has no embeddings, and where there are fewer than three sentences */
export async function embeddingMap(
  subject: Subject,
  embedder: Embedder,
  { log, pairs, step }: Source,
  method: MapMethod,
  job: Job,
): Promise<EmbeddingMap> {
  if (subject.target.head) fail('no-embeddings', {});
  const hidden = subject.target.loaded.config.hidden_size;
  let sample: Sample;
  let frames: readonly Frame[];
  if (log && log.frames().length > 0) {
    sample = log.sample;
    frames = log.frames();
  } else {
    sample = takeSample(pairs(), sampleLimit(hidden));
    const { before, now } = await embedder.embed(subject, sample.texts, job);
    frames = [{ step: 0, rows: join(before, hidden) }];
    if (subject.trained) frames = [...frames, { step, rows: join(now, hidden) }];
  }
  if (sample.texts.length < 3) fail('too-few-sentences', { count: sample.texts.length });
  return { ...sample, ...(await projectFrames(frames, hidden, method, job)) };
}
