/** The registry of objectives on embeddings: how many texts of an example each one embeds, and its loss. */
import type * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import type { ObjectiveName } from '../contract/objectives.ts';
import { angleLoss } from './angle.ts';
import { contrastiveLoss } from './contrastive.ts';
import { cosentLoss } from './cosent.ts';
import { cosineSimilarityLoss } from './cosine-similarity.ts';
import { matryoshka } from './matryoshka.ts';
import { multipleNegativesRanking } from './mnrl.ts';
import { onlineContrastiveLoss } from './online-contrastive.ts';
import { simcseInterleaved, simcseTwoView } from './simcse.ts';
import { type Head, softmaxLoss } from './softmax.ts';
import { tripletLoss } from './triplet.ts';

/** Beside the embeddings: the batch's targets `[batch]` (float32), and the head of objectives that train one. */
export type LossInputs = { targets: tf.Tensor1D; head: Head | null };

type Embeddings = tf.Tensor2D[];

export type Objective = {
  /** The texts to embed, from an example's texts (or their places in it); each is one embedding matrix `[batch, hidden]`. */
  inputs: <T>(texts: readonly T[]) => T[];
  /** Whether a batch must not hold the same text twice, because it would be its own negative. */
  distinctTexts: boolean;
  loss: (embeddings: Embeddings, inputs: LossInputs, config: RunConfig) => tf.Scalar;
};

/** Objectives that embed every text of an example once. */
const plain = (distinctTexts: boolean, loss: Objective['loss']): Objective => ({
  inputs: (texts) => [...texts],
  distinctTexts,
  loss,
});

const ranking = plain(true, ([anchors, ...candidates], _, { scale, symmetric }) =>
  multipleNegativesRanking(anchors!, candidates, scale, symmetric === 'yes'),
);

/** Every objective but the cross-encoder, which has no embeddings. */
export const objectives: Record<Exclude<ObjectiveName, 'cross-encoder'>, Objective> = {
  mnrl: ranking,
  'cached-mnrl': ranking,
  simcse: {
    inputs: ([text]) => [text!, text!],
    distinctTexts: true,
    loss: ([first, second], _, { scale, views }) =>
      (views === 'interleaved' ? simcseInterleaved : simcseTwoView)(first!, second!, scale),
  },
  'simcse-supervised': plain(true, ([anchors, ...candidates], _, { scale }) =>
    multipleNegativesRanking(anchors!, candidates, scale),
  ),
  'cosine-similarity': plain(false, ([u, v], { targets }) => cosineSimilarityLoss(u!, v!, targets)),
  cosent: plain(false, ([u, v], { targets }, { scale }) => cosentLoss(u!, v!, targets, scale)),
  angle: plain(false, ([u, v], { targets }, { scale }) => angleLoss(u!, v!, targets, scale)),
  contrastive: plain(false, ([u, v], { targets }, { margin }) => contrastiveLoss(u!, v!, targets, margin)),
  'online-contrastive': plain(false, ([u, v], { targets }, { margin }) =>
    onlineContrastiveLoss(u!, v!, targets, margin),
  ),
  triplet: plain(false, ([a, p, n], _, { distance, margin }) => tripletLoss(a!, p!, n!, distance, margin)),
  softmax: plain(false, ([u, v], { targets, head }, { labelSmoothing }) =>
    softmaxLoss(u!, v!, targets, head!, labelSmoothing),
  ),
};

/** An objective's loss, wrapped as Matryoshka where dimensions are given. */
export function embeddingLoss(
  name: keyof typeof objectives,
  embeddings: Embeddings,
  inputs: LossInputs,
  config: RunConfig,
): tf.Scalar {
  return matryoshka(embeddings, config.matryoshka, config.matryoshkaWeights, (cut) =>
    objectives[name].loss(cut, inputs, config),
  );
}
