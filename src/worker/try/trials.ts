/** Everything Try asks, behind one door: questions under way can be ended, so that a run never shares the device with them. */
import type { Trial } from '../../contract/calls.ts';
import type { RunConfig } from '../../contract/catalogue.ts';
import type { EmbeddingMap, MapMethod, Ranking, SimilarityMatrix, TokenView } from '../../contract/trials.ts';
import type { PreparedData } from '../datasets.ts';
import { embeddingMap } from '../map/embedding-map.ts';
import { type FrameLog, mostSentences } from '../map/frames.ts';
import { createEmbedder } from './embedder.ts';
import { chooseBatch, similarityMatrix } from './matrix.ts';
import { tryPair } from './pair.ts';
import { rankTexts } from './rank.ts';
import { samplePairs } from './samples.ts';
import type { Job, Subject } from './subject.ts';
import { viewTokens } from './tokens.ts';

/** Pairs that a batch is chosen from. */
const mostListed = 2000;

type Surroundings = {
  /** The model to ask. Throws a ProblemError where there is none, and while a run computes. */
  subjectOf: (config: RunConfig) => Subject;
  /** The tokenizer and what it may be asked for, at any time. */
  lookUp: (config: RunConfig) => Subject;
  log: () => FrameLog | null;
  step: () => number;
  onProgress: (done: number, total: number) => void;
};

export function createTrials({ subjectOf, lookUp, log, step, onProgress }: Surroundings) {
  const embedder = createEmbedder();
  const underWay = new Set<Promise<unknown>>();
  let control = new AbortController();

  /** Null where it was ended early. */
  async function ask<T>(config: RunConfig, work: (subject: Subject, job: Job) => Promise<T>): Promise<T | null> {
    const { signal } = control;
    const working = work(subjectOf(config), { signal, onProgress });
    underWay.add(working);
    try {
      return await working;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      underWay.delete(working);
    }
  }

  return {
    /** Ends what is under way, and answers when it has ended. */
    async stop(): Promise<void> {
      control.abort();
      control = new AbortController();
      await Promise.allSettled(underWay);
    },

    pair: (texts: readonly [string, string], config: RunConfig): Promise<Trial | null> =>
      ask(config, (subject, job) => tryPair(subject, embedder, texts, job)),

    rank: (asked: { query: string; texts: readonly string[] }, config: RunConfig): Promise<Ranking | null> =>
      ask(config, (subject, job) => rankTexts(subject, embedder, asked, job)),

    matrix: (count: number, data: PreparedData, config: RunConfig): Promise<SimilarityMatrix | null> =>
      ask(config, (subject, job) =>
        similarityMatrix(subject, embedder, chooseBatch(samplePairs(data, mostListed), count), job),
      ),

    map: (method: MapMethod, data: PreparedData, config: RunConfig): Promise<EmbeddingMap | null> =>
      ask(config, (subject, job) => {
        const source = { log: log(), pairs: () => samplePairs(data, mostSentences), step: step() };
        return embeddingMap(subject, embedder, source, method, job);
      }),

    tokens(text: string, config: RunConfig): TokenView {
      const { target, maxLength } = lookUp(config);
      return viewTokens(target.loaded.tokenizer, text, maxLength);
    },
  };
}
