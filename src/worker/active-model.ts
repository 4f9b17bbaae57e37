/** The loaded model on the device: its files, its weights as they are now, and what it is for. */
import type { RunConfig } from '../contract/catalogue.ts';
import type { ModelLimits } from '../contract/config.ts';
import { fail } from '../contract/problems.ts';
import { exportCrossEncoder } from '../files/export-cross-encoder.ts';
import { exportEncoder } from '../files/export-encoder.ts';
import type { LoadedModel } from '../files/load-model.ts';
import type { RunRecord } from '../files/model-card.ts';
import { maxTokens } from '../model/config.ts';
import { drawClassifier, drawPooler, drawSoftmaxHead, headNames } from '../model/heads.ts';
import type { Model } from '../model/model.ts';
import {
  createParameters,
  disposeParameters,
  type HostTensor,
  parameterShapes,
  poolerShapes,
  readParameters,
} from '../model/parameters.ts';

/** What a model gives for a pair: nothing but two embeddings, label probabilities, or a score. */
export type Head = { kind: 'classes'; labels: string[] } | { kind: 'score' };

export type ActiveModel = {
  loaded: LoadedModel;
  model: Model;
  /** A cross-encoder's head; null for encoders. */
  head: Head | null;
  /** What the softmax objective's classifier on two embeddings tells apart; null without one. */
  pairLabels: string[] | null;
  pooling: RunConfig['pooling'];
  normalize: RunConfig['normalize'];
  maxLength: number;
  /** The run that trained it; null while its weights are those of the files. */
  record: RunRecord | null;
};

/** The head that the model's files bring. */
export function headOfFiles({ head }: LoadedModel): Head | null {
  if (!head) return null;
  return head.labels.length === 1 ? { kind: 'score' } : { kind: 'classes', labels: head.labels };
}

export function limitsOf({ config }: LoadedModel): ModelLimits {
  return { maxPositions: maxTokens(config), hidden: config.hidden_size, layers: config.num_hidden_layers };
}

/** Weights of the files: those of the encoder and its pooler; with `head`, the classifier's too. */
function tensorsOfFiles({ config, tensors }: LoadedModel, withHead: boolean): Map<string, HostTensor> {
  const names = [...parameterShapes(config).keys(), ...poolerShapes(config).keys(), ...(withHead ? headNames : [])];
  return new Map(
    names.flatMap((name) => {
      const tensor = tensors.get(name);
      return tensor ? [[name, tensor] as const] : [];
    }),
  );
}

/** The model as its files have it. */
export function putOnDevice(loaded: LoadedModel): Model {
  return { config: loaded.config, parameters: createParameters(tensorsOfFiles(loaded, loaded.head !== null)) };
}

/** How a model is used where its files do not say. */
export function settingsOf({ config, pooling, normalize, maxLength }: LoadedModel) {
  return {
    pooling: pooling ?? 'mean',
    normalize: normalize === false ? 'no' : 'yes',
    maxLength: maxLength ?? Math.min(maxTokens(config), 64),
  } as const;
}

export function activate(loaded: LoadedModel): ActiveModel {
  const head = headOfFiles(loaded);
  return { loaded, model: putOnDevice(loaded), head, pairLabels: null, ...settingsOf(loaded), record: null };
}

/**
 * Puts the weights of the files on the device again, so that every run starts from the same place, with the head that
 * the objective trains: the files' own where it fits, else a new one drawn from the seed.
 * @param classes the labels in the data; null where there are none
 */
export function prepareForRun(active: ActiveModel, config: RunConfig, classes: string[] | null): void {
  const { loaded } = active;
  const { objective, seed, pooling, normalize, maxLength } = config;
  const hidden = loaded.config.hidden_size;
  const wanted: Head | null =
    objective !== 'cross-encoder' ? null : classes ? { kind: 'classes', labels: classes } : { kind: 'score' };
  const fits = wanted !== null && JSON.stringify(headOfFiles(loaded)) === JSON.stringify(wanted);
  const drawn = new Map<string, HostTensor>();
  const add = (tensors: ReadonlyMap<string, HostTensor>) => {
    for (const [name, tensor] of tensors) drawn.set(name, tensor);
  };
  const pairLabels = objective === 'softmax' ? classes : null;
  if (pairLabels) add(drawSoftmaxHead(hidden, pairLabels.length, seed));
  if (wanted) {
    if (!fits) add(drawClassifier(hidden, wanted.kind === 'classes' ? wanted.labels.length : 1, seed));
    if (!loaded.tensors.has('pooler.dense.weight')) add(drawPooler(hidden, seed));
  }
  disposeParameters(active.model.parameters);
  const parameters = createParameters(new Map([...tensorsOfFiles(loaded, fits), ...drawn]));
  active.model = { config: loaded.config, parameters };
  Object.assign(active, { head: wanted, pairLabels, pooling, normalize, maxLength, record: null });
}

/** How a model is used, beside its weights and files. */
type Use = Pick<ActiveModel, 'head' | 'pairLabels' | 'pooling' | 'normalize' | 'maxLength' | 'record'>;

/** The model's weights, head included, and how it is used; plain data. */
export async function takeApart({ loaded, model, ...rest }: ActiveModel) {
  const { head, pairLabels, pooling, normalize, maxLength, record } = rest;
  const use: Use = { head, pairLabels, pooling, normalize, maxLength, record };
  return { tensors: await readParameters(model.parameters), state: { model: loaded.name, ...use } };
}

/**
 * Gives the model the weights that {@link takeApart} took from it, or from one of the same files.
 * @throws ProblemError where they are another model's
 */
export function putBack(active: ActiveModel, tensors: ReadonlyMap<string, HostTensor>, state: unknown): void {
  const { model, ...use } = state as Use & { model: string };
  const { config, name } = active.loaded;
  const fits = [...parameterShapes(config)].every(
    ([each, shape]) => JSON.stringify(tensors.get(each)?.shape) === JSON.stringify(shape),
  );
  if (model !== name || !fits) fail('checkpoint-model', {});
  disposeParameters(active.model.parameters);
  active.model = { config, parameters: createParameters(tensors) };
  Object.assign(active, use);
}

/** The model as one zip: a CrossEncoder's folder, or a sentence encoder's. */
export async function exportActive(active: ActiveModel): Promise<{ bytes: Uint8Array<ArrayBuffer>; name: string }> {
  const { loaded, model, head, pooling, normalize, maxLength, record } = active;
  const base = loaded.name.split('/').at(-1)!;
  const name = record ? `${base}-${record.config.objective}` : base;
  const files = { base: loaded, tensors: await readParameters(model.parameters), name, maxLength, run: record };
  const bytes = head
    ? exportCrossEncoder({ ...files, labels: head.kind === 'classes' ? head.labels : null })
    : exportEncoder({ ...files, pooling, normalize: normalize === 'yes' });
  return { bytes, name };
}
