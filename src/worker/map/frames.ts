/** The embeddings of a fixed sample at each evaluation of a run, within bounded memory; maps are made of them. */
import type { SamplePair } from '../../contract/trials.ts';
import { unitRows } from '../../evaluation/unit-rows.ts';
import { type Sample, takeSample } from './sample.ts';

/** Sentences, evaluations and bytes, at most. */
export const mostSentences = 2000;
const mostFrames = 40;
const mostBytes = 64e6;

/** `[sentences · hidden]` rows of length 1 at a step. */
export type Frame = { step: number; rows: Float32Array };

export type FrameLog = ReturnType<typeof createFrameLog>;

/** Sentences of `hidden` numbers that fit into a log. */
export function sampleLimit(hidden: number): number {
  return Math.min(mostSentences, Math.floor(mostBytes / (4 * hidden * mostFrames)));
}

/** @param pairs the evaluation's listed pairs, in its order */
export function createFrameLog(pairs: readonly SamplePair[], hidden: number) {
  const sample: Sample = takeSample(pairs, sampleLimit(hidden));
  let frames: Frame[] = [];

  /** For each text the pair, and its side there, whose embedding is taken. */
  const places = new Array<{ pair: number; second: boolean }>(sample.texts.length);
  for (const [pair, { first, second }] of sample.pairs.entries()) {
    places[first] ??= { pair, second: false };
    places[second] ??= { pair, second: true };
  }

  return {
    sample,
    hidden,
    frames: (): readonly Frame[] => frames,

    /**
     * Keeps an evaluation's embeddings, `[pairs · hidden]` for each side; null (of a cross-encoder) are none. A full log gives up
     * every other one, but the first.
     */
    take(step: number, embeddings: { first: Float32Array; second: Float32Array } | null): void {
      if (!embeddings || sample.texts.length === 0) return;
      const rows = new Float32Array(sample.texts.length * hidden);
      for (const [text, { pair, second }] of places.entries()) {
        const from = second ? embeddings.second : embeddings.first;
        rows.set(from.subarray(pair * hidden, (pair + 1) * hidden), text * hidden);
      }
      frames = frames.filter((frame) => frame.step !== step);
      if (frames.length === mostFrames) frames = frames.filter((_, i) => i % 2 === 0);
      frames.push({ step, rows: unitRows(rows, hidden) });
    },
  };
}
