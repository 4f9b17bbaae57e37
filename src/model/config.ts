/** The shape of a BERT encoder, read from a Hugging Face config.json. */
import * as v from 'valibot';
import { fail } from '../contract/problems.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const rate = v.pipe(v.number(), v.minValue(0), v.maxValue(0.99));

const schema = v.looseObject({
  model_type: v.optional(v.string(), 'bert'),
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  intermediate_size: count,
  hidden_act: v.optional(v.string(), 'gelu'),
  hidden_dropout_prob: v.optional(rate, 0.1),
  attention_probs_dropout_prob: v.optional(rate, 0.1),
  max_position_embeddings: count,
  type_vocab_size: v.optional(count, 2),
  layer_norm_eps: v.optional(v.pipe(v.number(), v.minValue(0)), 1e-12),
  position_embedding_type: v.optional(v.string(), 'absolute'),
});

/** A config.json: the fields that the encoder uses, under their Hugging Face names; others are kept for the export. */
export type BertConfig = v.InferOutput<typeof schema>;

/**
 * Reads a config.json that was parsed.
 * @param source what the user calls the model, for the sentence
 * @throws ProblemError where a field is missing or the architecture is not a BERT
 */
export function readBertConfig(json: unknown, source: string): BertConfig {
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    fail('model-broken-json', {
      source,
      file: 'config.json',
      reason: `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`,
    });
  }
  const config = parsed.output;
  const unsupported = (what: string) => fail('model-unsupported', { source, what });
  if (config.model_type !== 'bert') unsupported(`“${config.model_type}” model`);
  if (config.hidden_act !== 'gelu') unsupported(`BERT with activation “${config.hidden_act}”`);
  if (config.position_embedding_type !== 'absolute')
    unsupported(`BERT with “${config.position_embedding_type}” positions`);
  if (config.hidden_size % config.num_attention_heads !== 0) {
    unsupported(`BERT whose ${config.hidden_size} dimensions do not divide by its ${config.num_attention_heads} heads`);
  }
  return config;
}
