/** The golden numbers from PyTorch (tests/golden/reference.py), read from the folder that `#reference` stands for. */
import config from '#reference/config.json';
import golden from '#reference/golden.json';
import weights from '#reference/model.safetensors?url';
import type { TokenBatch } from '../../src/contract/tokens.ts';
import { packBatch } from '../../src/data/token-batch.ts';
import { readSafetensors } from '../../src/files/safetensors.ts';
import { readConfig } from '../../src/model/config.ts';
import type { Model } from '../../src/model/model.ts';
import { createParameters, parameterShapes, poolerShapes } from '../../src/model/parameters.ts';

type Head = { weight: number[][]; bias: number[] };

type Golden = {
  inputs: {
    texts: { ids: number[][]; mask: number[][] }[];
    token_types: number[][];
    score: number[];
    binary: number[];
    klass: number[];
    softmax_head: Head;
    cross_encoder_head: Head;
  };
  hidden_states: number[][][][];
  pooled: Record<string, number[][]>;
  losses: Record<
    string,
    {
      loss: number;
      encoder_grad_norm: number;
      grad_norms: Record<string, number>;
      grads?: Record<string, unknown>;
      head_grads?: Head;
    }
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
  geometry: { alignment: number; uniformity: number };
};

export const reference = golden as unknown as Golden;

/** All numbers of a nested list, in order. */
export const flatten = (nested: unknown): number[] => [nested].flat(Number.POSITIVE_INFINITY) as number[];

/** Padded texts of a golden, one row after the other, as a packed batch without their padding. */
export function packTexts(texts: { ids: number[][]; mask: number[][] }[], types?: number[][]): TokenBatch {
  const rows = texts.flatMap(({ ids, mask }) => ids.map((row, i) => row.filter((_, k) => mask[i]![k] === 1)));
  return packBatch(
    rows.map((ids, row) => ({
      ids: Int32Array.from(ids),
      types: types ? Int32Array.from(types[row]!).subarray(0, ids.length) : new Int32Array(ids.length),
    })),
  );
}

/** A sentence's states of a packed matrix, and those of the same row of a golden `[rows, tokens, hidden]` with padding. */
export function statesOfRow(
  { starts }: TokenBatch,
  row: number,
  found: ArrayLike<number>,
  golden: readonly number[][][],
): [found: number[], golden: number[]] {
  const hidden = golden[row]![0]!.length;
  const real = starts[row + 1]! - starts[row]!;
  const states = Array.from(found).slice(starts[row]! * hidden, starts[row + 1]! * hidden);
  return [states, golden[row]!.slice(0, real).flat()];
}

/** A batch of the golden inputs: the texts of the given numbers, one after the other. */
export const goldenBatch = (...texts: number[]): TokenBatch => packTexts(texts.map((k) => reference.inputs.texts[k]!));

/** The first golden text as packed pairs, with their token types. */
export const goldenPair = (): TokenBatch => packTexts([reference.inputs.texts[0]!], reference.inputs.token_types);

/** The golden model on the current backend; with a head or the pooler where asked for. */
export async function goldenModel({ head, pooler = false }: { head?: Head; pooler?: boolean } = {}): Promise<Model> {
  const bytes = new Uint8Array(await (await fetch(weights)).arrayBuffer());
  const tensors = readSafetensors(bytes, 'model.safetensors');
  const encoder = readConfig(config, 'golden', () => []);
  const names = [...parameterShapes(encoder).keys(), ...(pooler ? poolerShapes(encoder).keys() : [])];
  const wanted = new Map(names.map((name) => [name, tensors.get(name)!]));
  if (head) {
    const shape = [head.weight.length, head.weight[0]!.length];
    wanted.set('classifier.weight', { shape, data: Float32Array.from(flatten(head.weight)) });
    wanted.set('classifier.bias', { shape: [head.bias.length], data: Float32Array.from(head.bias) });
  }
  return { config: encoder, parameters: createParameters(wanted) };
}
