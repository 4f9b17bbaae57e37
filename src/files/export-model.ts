/**
 * A model as a sentence-transformers folder in one zip. The folder's layout is the one that every version of
 * sentence-transformers from 2 to 6 loads: module types under `sentence_transformers.models`, pooling as flags.
 */
import { strToU8, type Zippable, zipSync } from 'fflate';
import type { PoolingMode } from '../contract/catalogue.ts';
import type { HostTensor } from '../model/parameters.ts';
import type { LoadedModel } from './load-model.ts';
import { type RunRecord, writeModelCard } from './model-card.ts';
import { writeSafetensors } from './safetensors.ts';

const modules = ['', '1_Pooling', '2_Normalize'].map((path, idx) => ({
  idx,
  name: String(idx),
  path,
  type: `sentence_transformers.models.${['Transformer', 'Pooling', 'Normalize'][idx]}`,
}));

function poolingConfig(mode: PoolingMode, hidden: number) {
  return {
    word_embedding_dimension: hidden,
    pooling_mode_cls_token: mode === 'cls',
    pooling_mode_mean_tokens: mode === 'mean',
    pooling_mode_max_tokens: mode === 'max',
    pooling_mode_mean_sqrt_len_tokens: false,
  };
}

export type ExportedModel = {
  base: LoadedModel;
  /** The weights as they are now. */
  tensors: ReadonlyMap<string, HostTensor>;
  /** The exported model's name; also that of the zip. */
  name: string;
  pooling: PoolingMode;
  maxLength: number;
  run: RunRecord | null;
};

/** Weights are stored (they do not compress), texts deflated. */
export function exportModel({ base, tensors, name, pooling, maxLength, run }: ExportedModel): Uint8Array<ArrayBuffer> {
  const json = (value: unknown) => strToU8(`${JSON.stringify(value, null, 2)}\n`);
  const hidden = base.config.hidden_size;
  const files: Zippable = {
    'modules.json': json(modules),
    '1_Pooling/config.json': json(poolingConfig(pooling, hidden)),
    '2_Normalize/': new Uint8Array(),
    'sentence_bert_config.json': json({ max_seq_length: maxLength, do_lower_case: false }),
    'config_sentence_transformers.json': json({
      __version__: { sentence_transformers: '3.0.0' },
      prompts: {},
      default_prompt_name: null,
      similarity_fn_name: 'cosine',
    }),
    'config.json': json({ architectures: ['BertModel'], ...base.config, pad_token_id: 0, torch_dtype: 'float32' }),
    'model.safetensors': [writeSafetensors(tensors), { level: 0 }],
    'tokenizer.json': json(base.tokenizerFiles.json),
    'tokenizer_config.json': json({
      tokenizer_class: 'BertTokenizer',
      ...base.tokenizerFiles.config,
      model_max_length: maxLength,
    }),
    'vocab.txt': strToU8(base.tokenizerFiles.vocabulary),
    'README.md': strToU8(writeModelCard(name, base.name, hidden, maxLength, run)),
  };
  if (run) files['run.json'] = json(run);
  return zipSync(files, { level: 6 }) as Uint8Array<ArrayBuffer>;
}
