/** The golden numbers from PyTorch (tests/golden/reference.py), read from the folder that `#reference` stands for. */
import config from '#reference/config.json';
import golden from '#reference/golden.json';
import weights from '#reference/model.safetensors?url';
import type { TokenBatch } from '../../src/contract/tokens.ts';
import { readSafetensors } from '../../src/files/safetensors.ts';
import { readBertConfig } from '../../src/model/config.ts';
import type { Model } from '../../src/model/model.ts';
import { createParameters, parameterShapes } from '../../src/model/parameters.ts';

type Golden = {
  inputs: { texts: { ids: number[][]; mask: number[][] }[]; token_types: number[][] };
  hidden_states: number[][][][];
  pooled: Record<string, number[][]>;
  losses: Record<
    string,
    { loss: number; encoder_grad_norm: number; grad_norms: Record<string, number>; grads?: Record<string, unknown> }
  >;
  adamw: {
    peak_lr: number;
    warmup_steps: number;
    total_steps: number;
    weight_decay: number;
    max_grad_norm: number;
    trace: { step: number; lr: number; loss: number; grad_norm: number }[];
    final: Record<string, unknown>;
  };
  metrics: { pred: number[]; gold: number[]; spearman: number; pearson: number };
};

export const reference = golden as unknown as Golden;

/** All numbers of a nested list, in order. */
export const flatten = (nested: unknown): number[] => [nested].flat(Number.POSITIVE_INFINITY) as number[];

/** A batch of the golden inputs: the texts of the given numbers, one after the other. */
export function goldenBatch(...texts: number[]): TokenBatch {
  const ids = texts.flatMap((k) => reference.inputs.texts[k]!.ids);
  const masks = texts.flatMap((k) => reference.inputs.texts[k]!.mask);
  return {
    rows: ids.length,
    tokens: ids[0]!.length,
    ids: Int32Array.from(ids.flat()),
    types: new Int32Array(ids.flat().length),
    lengths: Int32Array.from(masks, (mask) => mask.reduce((sum, bit) => sum + bit, 0)),
  };
}

/** The golden model on the current backend. */
export async function goldenModel(): Promise<Model> {
  const bytes = new Uint8Array(await (await fetch(weights)).arrayBuffer());
  const bert = readBertConfig(config, 'golden');
  const tensors = readSafetensors(bytes, 'model.safetensors');
  const wanted = [...parameterShapes(bert).keys()].map((name) => [name, tensors.get(name)!] as const);
  return { config: bert, parameters: createParameters(new Map(wanted)) };
}
