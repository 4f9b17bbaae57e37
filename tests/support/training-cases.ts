/** Ways to train: every objective, with the inputs, heads and options that make its step another program. */
import type { RunConfig } from '../../src/contract/catalogue.ts';
import { defaultsFor } from '../../src/contract/catalogue.ts';
import type { Model } from '../../src/model/model.ts';
import type { StepBatch } from '../../src/training/gradients.ts';
import { goldenModel, reference } from './golden.ts';
import { makeBatch } from './step-batches.ts';

const { softmax_head, cross_encoder_head } = reference.inputs;

const grades = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** What an objective needs besides its name. */
export type Case = {
  objective: RunConfig['objective'];
  positions: number;
  targets?: readonly number[];
  options?: Partial<RunConfig>;
  head?: { weight: number[][]; bias: number[] };
  /** Batches of every step. */
  accumulated?: number;
};

export const cases: Case[] = [
  { objective: 'mnrl', positions: 2 },
  { objective: 'mnrl', positions: 2, options: { recompute: 'yes' } },
  { objective: 'mnrl', positions: 3, options: { symmetric: 'yes', optimizer: 'adam' } },
  { objective: 'mnrl', positions: 2, options: { matryoshka: [32, 16, 5], matryoshkaWeights: [1, 0.5, 2] } },
  { objective: 'mnrl', positions: 2, options: { freezeEmbeddings: 'yes', freezeLayers: 1, layerDecay: 0.9 } },
  { objective: 'cached-mnrl', positions: 2, options: { miniBatchSize: 5 } },
  { objective: 'cached-mnrl', positions: 3, options: { miniBatchSize: 4, symmetric: 'yes', pooling: 'cls' } },
  { objective: 'simcse', positions: 2 },
  { objective: 'simcse', positions: 2, options: { views: 'interleaved' } },
  { objective: 'simcse-supervised', positions: 3 },
  { objective: 'cosine-similarity', positions: 2, targets: grades, accumulated: 2 },
  { objective: 'cosent', positions: 2, targets: grades, options: { pooling: 'first_last_avg' } },
  { objective: 'angle', positions: 2, targets: grades, options: { normalize: 'no', pooling: 'mean_sqrt_len' } },
  { objective: 'contrastive', positions: 2, targets: [0, 1] },
  { objective: 'online-contrastive', positions: 2, targets: [0, 1] },
  { objective: 'triplet', positions: 3, options: { pooling: 'max' }, accumulated: 3 },
  { objective: 'triplet', positions: 3, options: { distance: 'cosine', margin: 1, optimizer: 'sgd' } },
  { objective: 'triplet', positions: 3, options: { distance: 'manhattan', margin: 5 } },
  { objective: 'softmax', positions: 2, targets: [0, 1, 2], head: softmax_head },
  { objective: 'cross-encoder', positions: 1, targets: [0, 1, 2], head: cross_encoder_head, accumulated: 2 },
  {
    objective: 'cross-encoder',
    positions: 1,
    targets: grades,
    head: { weight: cross_encoder_head.weight.slice(0, 1), bias: cross_encoder_head.bias.slice(0, 1) },
  },
];

export const nameOf = ({ objective, positions, options = {}, accumulated = 1 }: Case) =>
  [objective, positions, JSON.stringify(options), `${accumulated} batches a step`].join(' ');

export function batchOf(
  { objective, positions, targets = [0] }: Case,
  lengths: readonly number[],
  seed: number,
): StepBatch {
  return makeBatch(seed, { lengths, positions, targets, pairs: objective === 'cross-encoder', vocabulary: 60 });
}

export const configOf = ({ objective, options }: Case, dropout: number): RunConfig => ({
  ...defaultsFor(objective),
  dropout,
  ...options,
});

/** The golden model with what the case puts on it. */
export const modelFor = ({ objective, head }: Case): Promise<Model> =>
  goldenModel({ ...(head ? { head } : {}), pooler: objective === 'cross-encoder' });
