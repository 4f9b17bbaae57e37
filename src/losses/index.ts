/** The registry of objectives: how many texts of an example each one embeds, and its loss on their embeddings. */
import type * as tf from '@tensorflow/tfjs';
import type { ObjectiveName, RunConfig } from '../contract/catalogue.ts';
import { multipleNegativesRanking } from './mnrl.ts';
import { simcseInterleaved, simcseTwoView } from './simcse.ts';

export type Objective = {
  /** The texts to embed, from an example's texts; each position is one embedding matrix `[batch, hidden]`. */
  inputs: (texts: readonly string[]) => string[];
  /** Whether a batch must not hold the same text twice, because it would be its own negative. */
  distinctTexts: boolean;
  loss: (embeddings: tf.Tensor2D[], config: RunConfig) => tf.Scalar;
};

export const objectives: Record<ObjectiveName, Objective> = {
  mnrl: {
    inputs: (texts) => [...texts],
    distinctTexts: true,
    loss: ([anchors, ...candidates], { scale }) => multipleNegativesRanking(anchors!, candidates, scale),
  },
  simcse: {
    inputs: ([text]) => [text!, text!],
    distinctTexts: true,
    loss: ([first, second], { scale, views }) =>
      (views === 'interleaved' ? simcseInterleaved : simcseTwoView)(first!, second!, scale),
  },
};
