/** The shape of an encoder, read from the config.json of any supported family and put into BERT's words. */
import * as v from 'valibot';
import { fail } from '../contract/problems.ts';
import { type Activation, isActivation } from '../kernels/linear/activation.ts';
import { type FamilyName, families, isFamily } from './families.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const schema = v.object({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  intermediate_size: count,
  hidden_act: v.optional(v.string(), 'gelu'),
  max_position_embeddings: count,
  type_vocab_size: v.optional(count, 2),
  layer_norm_eps: v.optional(v.pipe(v.number(), v.minValue(0)), 1e-12),
  pad_token_id: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

/** What is asked of config.json before all else; without defaults, so that it stays as it came. */
const kindSchema = v.looseObject({
  model_type: v.nullish(v.string()),
  architectures: v.nullish(v.array(v.string())),
  position_embedding_type: v.nullish(v.string()),
  is_decoder: v.nullish(v.boolean()),
  is_encoder_decoder: v.nullish(v.boolean()),
});

/** What the encoder uses, under Hugging Face's names for BERT. */
export type EncoderConfig = Omit<v.InferOutput<typeof schema>, 'hidden_act' | 'pad_token_id'> & {
  family: FamilyName;
  hidden_act: Activation;
  /** 0: no token types. */
  type_vocab_size: number;
  pad_token_id: number;
  /** Row of the position embeddings at which the first token's lies. */
  position_offset: number;
  /** config.json as it came, for the export. */
  source: Readonly<Record<string, unknown>>;
};

/** How many tokens the model can read at once, its special tokens among them. */
export function maxTokens(config: EncoderConfig): number {
  return config.max_position_embeddings - config.position_offset;
}

/** The family of a configuration without `model_type`: from its class, else from its tensors' names, else BERT. */
function inferFamily(architectures: readonly string[], tensorNames: () => Iterable<string>): string {
  const [architecture] = architectures;
  const names = Object.keys(families).filter(isFamily);
  if (architecture) {
    const isOf = (name: FamilyName) => new RegExp(`^${families[name].architecture}(Model|For[A-Z])`).test(architecture);
    return names.find(isOf) ?? architecture;
  }
  for (const tensor of tensorNames()) {
    if (tensor.startsWith('transformer.layer.')) return 'distilbert';
    const found = names.find((name) => tensor.startsWith(`${families[name].prefix}.`));
    if (found) return found;
  }
  return 'bert';
}

/**
 * Reads a config.json that was parsed.
 * @param source what the user calls the model, for the sentence
 * @param tensorNames those of its weights; asked for where the configuration does not tell the family
 * @throws ProblemError where a field is missing or the architecture is not one of the families
 */
export function readConfig(json: unknown, source: string, tensorNames: () => Iterable<string>): EncoderConfig {
  const broken = ([issue]: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]], ownName = (field: string) => field) => {
    const reason = `${ownName(v.getDotPath(issue) ?? 'it')}: ${issue.message}`;
    return fail('model-broken-json', { source, file: 'config.json', reason });
  };
  const unsupported = (en: string, zh: string) => fail('model-unsupported', { source, what: { en, zh } });
  const kind = v.safeParse(kindSchema, json);
  if (!kind.success) return broken(kind.issues);
  const { model_type, architectures, position_embedding_type, is_decoder, is_encoder_decoder } = kind.output;
  const family = model_type ?? inferFamily(architectures ?? [], tensorNames);
  if (!isFamily(family)) return unsupported(`“${family}” model`, `“${family}”模型`);
  if (is_decoder || is_encoder_decoder) unsupported(`decoder (“${family}”)`, `解码器（“${family}”）`);
  if (position_embedding_type && position_embedding_type !== 'absolute') {
    unsupported(`model with “${position_embedding_type}” positions`, `使用“${position_embedding_type}”位置编码的模型`);
  }

  const { fields, tokenTypes, positionsAfterPadding, padId }: (typeof families)[FamilyName] = families[family];
  const ownName = (field: string) => Object.entries(fields).find(([canonical]) => canonical === field)?.[1] ?? field;
  const named = Object.fromEntries(
    Object.keys(schema.entries).map((field) => [field, kind.output[ownName(field)] ?? kind.output[field]]),
  );
  const parsed = v.safeParse(schema, named);
  if (!parsed.success) return broken(parsed.issues, ownName);
  const config = parsed.output;
  const { hidden_act, hidden_size, num_attention_heads: heads } = config;
  if (!isActivation(hidden_act)) {
    return unsupported(`model with activation “${hidden_act}”`, `激活函数为“${hidden_act}”的模型`);
  }
  if (hidden_size % heads !== 0) {
    const en = `model whose ${hidden_size} dimensions do not divide by its ${heads} heads`;
    unsupported(en, `${hidden_size} 维不能被 ${heads} 个注意力头整除的模型`);
  }
  const pad_token_id = config.pad_token_id ?? padId;
  return {
    ...config,
    family,
    hidden_act,
    type_vocab_size: tokenTypes ? config.type_vocab_size : 0,
    pad_token_id,
    position_offset: positionsAfterPadding ? pad_token_id + 1 : 0,
    source: kind.output,
  };
}
