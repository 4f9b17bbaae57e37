/** The loss of a batch and its gradient to every parameter that learns: the whole of a step but the update. */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import type { TokenBatch } from '../contract/tokens.ts';
import type { Storage } from '../kernels/device/storage.ts';
import type { Dropout } from '../kernels/dropout.ts';
import { leanBackward } from '../kernels/lean-backward.ts';
import { randomKey, stepKey } from '../kernels/random.ts';
import { type OnDevice, uploadArrays } from '../kernels/recording/step-arrays.ts';
import { labelLoss, scoreLoss } from '../losses/cross-encoder.ts';
import { embeddingLoss, type LossInputs } from '../losses/index.ts';
import { classifyBatch } from '../model/classifier.ts';
import { allowedStorage } from '../model/encoder.ts';
import { embedBatch, type Model } from '../model/model.ts';
import { type PackedTokens, packedTokens, tokenArrays } from '../model/packed-tokens.ts';
import { normalize } from '../model/similarity.ts';
import { isFrozen } from '../optimizer/layers.ts';

/** A batch's inputs: for each of the objective's text positions `size` rows, one position after the other. */
export type StepBatch = {
  tokens: TokenBatch;
  size: number;
  /** `[size]` what the data says of each example: a similarity, a class number, or 0 where the objective asks for none. */
  targets: Float32Array;
};

/** Loss and gradients by parameter name. The caller disposes both. */
export type Gradients = { loss: tf.Scalar; gradients: Map<string, tf.Tensor> };

/**
 * Everything of a step that changes with each, as arrays. `part` as in {@link lossAndGradients}, `capacity` as in
 * {@link tokenArrays}.
 */
export function stepArrays(
  model: Model,
  batch: StepBatch,
  config: RunConfig,
  step: number,
  part: number,
  capacity?: number,
) {
  return {
    ...tokenArrays(batch.tokens, model.config, capacity),
    targets: batch.targets,
    key: dropoutKey(config, step, part),
  };
}

export type ArraysOfStep = ReturnType<typeof stepArrays>;

/** The same on the device. */
export type StepInputs = { tokens: PackedTokens; size: number; targets: tf.Tensor1D; drop: Dropout | null };

/** What a step reads, from its arrays and what they are on the device. */
export function stepInputs(
  model: Model,
  host: ArraysOfStep,
  tensors: OnDevice<ArraysOfStep>,
  { dropout }: RunConfig,
): StepInputs {
  return {
    tokens: packedTokens(host, tensors, model.config),
    size: host.targets.length,
    targets: tensors.targets,
    drop: dropoutOf(dropout, tensors.key),
  };
}

/** The key of a step's dropout, `[1]`; each part of it (mini-batch, accumulated batch) draws masks of its own. */
export function dropoutKey({ seed }: RunConfig, step: number, part: number): Int32Array {
  return Int32Array.of(stepKey(part === 0 ? seed : randomKey(seed, part, -1), step));
}

export const dropoutOf = (rate: number, key: tf.Tensor1D): Dropout | null => (rate > 0 ? { rate, key } : null);

/** How hidden states and their gradients lie in memory in the steps of a run; evaluations have floats. */
export const storageOf = (model: Model, { precision }: RunConfig): Storage =>
  allowedStorage(model.config, precision === 'float16-storage' ? 'float16' : 'float32');

/** Embeddings as the objective sees them, `[rows, hidden]`. */
export function embed(model: Model, tokens: PackedTokens, config: RunConfig, drop: Dropout | null): tf.Tensor2D {
  const recompute = config.recompute === 'yes';
  const embeddings = embedBatch(model, tokens, config.pooling, drop, recompute, storageOf(model, config));
  return config.normalize === 'yes' ? normalize(embeddings) : embeddings;
}

/** The objective's loss on the embeddings of a batch, `[positions · size, hidden]`. */
export function lossOfEmbeddings(
  model: Model,
  embeddings: tf.Tensor2D,
  { size, targets }: Pick<StepInputs, 'size' | 'targets'>,
  config: RunConfig,
): tf.Scalar {
  const { objective } = config;
  if (objective === 'cross-encoder') throw new Error('a cross-encoder has no embeddings');
  const positions: tf.Tensor2D[] = tf.split(embeddings, embeddings.shape[0] / size, 0);
  return embeddingLoss(objective, positions, { targets, head: headOf(model) }, config);
}

function headOf({ parameters }: Model): LossInputs['head'] {
  const weight = parameters.get('classifier.weight');
  const bias = parameters.get('classifier.bias');
  return weight && bias ? { weight: weight as tf.Tensor as tf.Tensor2D, bias: bias as tf.Tensor as tf.Tensor1D } : null;
}

export function lossOf(model: Model, inputs: StepInputs, config: RunConfig): tf.Scalar {
  const { tokens, targets, drop } = inputs;
  if (config.objective !== 'cross-encoder') {
    return lossOfEmbeddings(model, embed(model, tokens, config, drop), inputs, config);
  }
  const logits = classifyBatch(model, tokens, drop, config.recompute === 'yes', storageOf(model, config)); // [size, labels]
  return logits.shape[1] === 1 ? scoreLoss(logits, targets) : labelLoss(logits, targets, config.labelSmoothing);
}

/**
 * The gradients of `compute` to every parameter that is not frozen; those that it does not depend on have none.
 * @param upload makes what `compute` reads; apart from it, because the tensors must outlive the forward pass
 */
export function gradientsOf<Inputs>(
  model: Model,
  config: RunConfig,
  upload: () => Inputs,
  compute: (inputs: Inputs) => tf.Scalar,
): Gradients {
  const learning = [...model.parameters].filter(([name]) => !isFrozen(name, config));
  const variables = learning.map(([, variable]) => variable);
  const { value, grads } = tf.tidy(() => {
    const inputs = upload();
    return leanBackward(() => tf.variableGrads(() => compute(inputs), variables));
  });
  const gradients = new Map<string, tf.Tensor>();
  for (const [name, variable] of learning) {
    const gradient = grads[variable.name];
    if (gradient) gradients.set(name, gradient);
  }
  return { loss: value, gradients };
}

/** @param part number of the batch among those accumulated for one update */
export function lossAndGradients(model: Model, batch: StepBatch, config: RunConfig, step: number, part = 0): Gradients {
  const arrays = stepArrays(model, batch, config, step, part);
  return gradientsOf(
    model,
    config,
    () => stepInputs(model, arrays, uploadArrays(arrays), config),
    (inputs) => lossOf(model, inputs, config),
  );
}
