/** Model files to a model: configuration, weights under their canonical names, tokenizer, and what an export says of pooling. */
import * as v from 'valibot';
import type { PoolingMode } from '../contract/catalogue.ts';
import { fail } from '../contract/problems.ts';
import { createTokenizer, type Tokenizer, wordPieceTokenizerJson } from '../data/tokenizer.ts';
import { type BertConfig, readBertConfig } from '../model/config.ts';
import { type HostTensor, parameterShapes } from '../model/parameters.ts';
import type { ModelFiles } from './model-files.ts';
import { readSafetensors } from './safetensors.ts';

export type LoadedModel = {
  /** What the user calls it: a preset's name or a file's. */
  name: string;
  config: BertConfig;
  tensors: ReadonlyMap<string, HostTensor>;
  tokenizer: Tokenizer;
  /** tokenizer.json, tokenizer_config.json and vocab.txt as an export writes them. */
  tokenizerFiles: { json: object; config: object; vocabulary: string };
  /** null where the files do not say. */
  pooling: PoolingMode | null;
  maxLength: number | null;
};

const poolingSchema = v.record(v.string(), v.unknown());
const lengthSchema = v.object({ max_seq_length: v.pipe(v.number(), v.integer(), v.minValue(4)) });
const tokenizerConfigSchema = v.looseObject({ do_lower_case: v.optional(v.boolean(), true) });

/** Old checkpoints call LayerNorm's parameters gamma and beta, and put `bert.` before every name. */
function canonicalName(name: string): string {
  return name
    .replace(/^bert\./, '')
    .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
    .replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
}

/** The tensors that the configuration calls for, each with its shape checked; others are left aside. */
function takeParameters(
  found: ReadonlyMap<string, HostTensor>,
  config: BertConfig,
  file: string,
): Map<string, HostTensor> {
  const canonical = new Map([...found].map(([name, tensor]) => [canonicalName(name), tensor]));
  const taken = new Map<string, HostTensor>();
  for (const [tensor, shape] of parameterShapes(config)) {
    const host = canonical.get(tensor) ?? fail('tensor-missing', { file, tensor });
    if (host.shape.join() !== shape.join()) {
      fail('tensor-shape', { file, tensor, found: host.shape.join(', '), expected: shape.join(', ') });
    }
    taken.set(tensor, host);
  }
  return taken;
}

/** Reads the pooling of a sentence-transformers folder: the one flag that is set. */
function readPooling(json: Record<string, unknown>, source: string): PoolingMode {
  const set = Object.keys(json).filter((key) => key.startsWith('pooling_mode_') && json[key] === true);
  const modes: Record<string, PoolingMode> = {
    pooling_mode_mean_tokens: 'mean',
    pooling_mode_cls_token: 'cls',
    pooling_mode_max_tokens: 'max',
  };
  const mode = set.length === 1 ? modes[set[0]!] : undefined;
  return mode ?? fail('model-unsupported', { source, what: `model with pooling “${set.join(' + ') || 'unknown'}”` });
}

/**
 * @param name what the user calls the model
 * @throws ProblemError that names the file or the tensor that is missing, broken or does not fit
 */
export function loadModel(files: ModelFiles, name: string): LoadedModel {
  const text = (file: string) => new TextDecoder().decode(files.get(file));
  const json = <S extends v.GenericSchema>(file: string, schema: S): v.InferOutput<S> | null => {
    if (!files.has(file)) return null;
    const broken = (reason: string) => fail('model-broken-json', { source: name, file, reason });
    let value: unknown;
    try {
      value = JSON.parse(text(file));
    } catch (error) {
      return broken((error as Error).message);
    }
    const parsed = v.safeParse(schema, value);
    return parsed.success ? parsed.output : broken(parsed.issues[0].message);
  };
  const need = (file: string) => files.get(file) ?? fail('model-missing-file', { source: name, file });

  need('config.json');
  const config = readBertConfig(json('config.json', v.unknown()), name);
  const tensors = takeParameters(
    readSafetensors(need('model.safetensors'), 'model.safetensors'),
    config,
    'model.safetensors',
  );

  const tokenizerConfig = json('tokenizer_config.json', tokenizerConfigSchema) ?? { do_lower_case: true };
  const tokenizerJson =
    json('tokenizer.json', v.looseObject({})) ??
    (need('vocab.txt') && wordPieceTokenizerJson(text('vocab.txt'), tokenizerConfig.do_lower_case));
  let tokenizer: Tokenizer;
  try {
    tokenizer = createTokenizer(tokenizerJson, tokenizerConfig);
  } catch (error) {
    return fail('model-broken-json', { source: name, file: 'tokenizer.json', reason: (error as Error).message });
  }
  if (tokenizer.vocabulary.length > config.vocab_size) {
    fail('model-broken-json', {
      source: name,
      file: 'tokenizer.json',
      reason: `it has ${tokenizer.vocabulary.length} tokens, the model only ${config.vocab_size}`,
    });
  }
  const pooling = json('1_Pooling/config.json', poolingSchema);
  return {
    name,
    config,
    tensors,
    tokenizer,
    tokenizerFiles: {
      json: tokenizerJson,
      config: tokenizerConfig,
      vocabulary: files.has('vocab.txt') ? text('vocab.txt') : `${tokenizer.vocabulary.join('\n')}\n`,
    },
    pooling: pooling && readPooling(pooling, name),
    maxLength: json('sentence_bert_config.json', lengthSchema)?.max_seq_length ?? null,
  };
}
