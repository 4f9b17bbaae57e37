/** Loading models as they are found, exporting one, and taking the export back. */
import { readFileSync } from 'node:fs';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readModel } from '../../src/cli/model-folder.ts';
import { exportModel } from '../../src/files/export-model.ts';
import { loadModel } from '../../src/files/load-model.ts';
import { unzipModelFiles } from '../../src/files/model-files.ts';
import { writeSafetensors } from '../../src/files/safetensors.ts';

const { files: preset, name } = readModel('embedsmith-tiny');
const base = loadModel(preset, name);

/** The preset with some of its files changed; null takes one away. */
function changed(changes: Record<string, Uint8Array | string | object | null>): Map<string, Uint8Array> {
  const files = new Map(preset);
  for (const [file, content] of Object.entries(changes)) {
    if (content === null) files.delete(file);
    else if (content instanceof Uint8Array) files.set(file, content);
    else files.set(file, strToU8(typeof content === 'string' ? content : JSON.stringify(content)));
  }
  return files;
}

const config = JSON.parse(strFromU8(preset.get('config.json')!));
const rename = (how: (name: string) => string) =>
  writeSafetensors(new Map([...base.tensors].map(([tensor, host]) => [how(tensor), host])));

describe('what is found in the wild', () => {
  test('the preset', () => {
    expect(base.tensors.size).toBe(37);
    expect([...base.tensors.values()].reduce((sum, { data }) => sum + data.length, 0)).toBe(2205440);
    expect(base.tokenizer.vocabulary[2]).toBe('[CLS]');
  });

  test('names with “bert.”, gamma and beta, and tensors of heads beside', () => {
    const old = (tensor: string) =>
      `bert.${tensor.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`;
    const extra = new Map([...base.tensors].map(([tensor, host]) => [old(tensor), host]));
    extra.set('cls.predictions.bias', { shape: [3], data: new Float32Array(3) });
    const loaded = loadModel(changed({ 'model.safetensors': writeSafetensors(extra) }), 'old');
    expect([...loaded.tensors.keys()]).toEqual([...base.tensors.keys()]);
  });

  test('no model_type, no tokenizer.json', () => {
    const { model_type, ...rest } = config;
    expect(model_type).toBe('bert');
    const loaded = loadModel(changed({ 'config.json': rest, 'tokenizer.json': null }), 'small');
    expect([...loaded.tokenizer.encode('Hello there', 16).ids]).toEqual([
      ...base.tokenizer.encode('Hello there', 16).ids,
    ]);
  });
});

describe('what is refused, with its file or tensor named', () => {
  const withoutOne = new Map([...base.tensors].filter(([tensor]) => !tensor.endsWith('1.output.dense.bias')));
  test.each([
    ['no config', { 'config.json': null }, /“it” has no config\.json/],
    ['no weights', { 'model.safetensors': null }, /“it” has no model\.safetensors/],
    ['no vocabulary', { 'tokenizer.json': null, 'vocab.txt': null }, /“it” has no vocab\.txt/],
    ['a broken config', { 'config.json': '{' }, /config\.json of “it” is not valid/],
    ['a config without a size', { 'config.json': { ...config, hidden_size: undefined } }, /hidden_size/],
    ['another architecture', { 'config.json': { ...config, model_type: 'gpt2' } }, /“it” is a “gpt2” model/],
    ['another activation', { 'config.json': { ...config, hidden_act: 'swish' } }, /activation “swish”/],
    ['heads that do not divide', { 'config.json': { ...config, num_attention_heads: 3 } }, /3 heads/],
    [
      'another shape',
      { 'config.json': { ...config, intermediate_size: 256 } },
      /intermediate\.dense\.weight.*\[512, 128\].*\[256, 128\]/,
    ],
    [
      'a missing tensor',
      { 'model.safetensors': writeSafetensors(withoutOne) },
      /no tensor “encoder\.layer\.1\.output\.dense\.bias”/,
    ],
    [
      'foreign names',
      { 'model.safetensors': rename((tensor) => `x.${tensor}`) },
      /no tensor “embeddings\.word_embeddings\.weight”/,
    ],
    [
      'weights cut off',
      { 'model.safetensors': preset.get('model.safetensors')!.subarray(0, 3_000_000) },
      /Tensor “.*” in model\.safetensors/,
    ],
    ['a tokenizer that is none', { 'tokenizer.json': {} }, /tokenizer\.json of “it”/],
    [
      'a vocabulary too large',
      { 'config.json': { ...config, vocab_size: 100 } },
      /“embeddings\.word_embeddings\.weight”/,
    ],
  ] as [string, Record<string, Uint8Array | string | object | null>, RegExp][])('%s', (_, changes, sentence) => {
    expect(() => loadModel(changed(changes), 'it')).toThrow(sentence);
  });

  test('a zip that is none, or cut off, or of something else', () => {
    expect(() => unzipModelFiles(strToU8('not a zip'), 'a.zip')).toThrow(/“a\.zip” is not a zip archive/);
    const zip = zipSync({ 'config.json': strToU8('{}') });
    expect(() => unzipModelFiles(zip.subarray(0, zip.length - 20), 'a.zip')).toThrow(/“a\.zip” is not a zip archive/);
    expect(() => unzipModelFiles(zipSync({ 'photo.jpg': new Uint8Array(3) }), 'a.zip')).toThrow(
      /“a\.zip” has no config\.json/,
    );
  });
});

describe('an export', () => {
  const bytes = exportModel({ base, tensors: base.tensors, name: 'mine', pooling: 'cls', maxLength: 48, run: null });
  const files = unzipSync(bytes);
  const json = (file: string) => JSON.parse(strFromU8(files[file]!));

  test('is the folder that sentence-transformers loads', () => {
    expect(
      Object.keys(files)
        .filter((file) => !file.endsWith('/'))
        .sort(),
    ).toEqual([
      '1_Pooling/config.json',
      'README.md',
      'config.json',
      'config_sentence_transformers.json',
      'model.safetensors',
      'modules.json',
      'sentence_bert_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.txt',
    ]);
    expect(json('modules.json').map(({ type, path }: { type: string; path: string }) => [type, path])).toEqual([
      ['sentence_transformers.models.Transformer', ''],
      ['sentence_transformers.models.Pooling', '1_Pooling'],
      ['sentence_transformers.models.Normalize', '2_Normalize'],
    ]);
    expect(json('1_Pooling/config.json')).toMatchObject({
      word_embedding_dimension: 128,
      pooling_mode_cls_token: true,
      pooling_mode_mean_tokens: false,
    });
    expect(json('sentence_bert_config.json')).toEqual({ max_seq_length: 48, do_lower_case: false });
    expect(json('config_sentence_transformers.json')).toMatchObject({
      prompts: {},
      default_prompt_name: null,
      similarity_fn_name: 'cosine',
    });
    expect(json('config.json')).toMatchObject({ ...config, model_type: 'bert', architectures: ['BertModel'] });
    expect(json('tokenizer.json')).toEqual(JSON.parse(strFromU8(preset.get('tokenizer.json')!)));
    expect(strFromU8(files['vocab.txt']!)).toBe(strFromU8(preset.get('vocab.txt')!));
    expect(strFromU8(files['README.md']!)).toContain('SentenceTransformer(');
  });

  test('comes back with the same weights, pooling and length, also from a folder within the zip', () => {
    const back = loadModel(unzipModelFiles(bytes, 'mine.zip'), 'mine');
    expect([...back.tensors.keys()]).toEqual([...base.tensors.keys()]);
    for (const [tensor, { data }] of back.tensors) {
      expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(base.tensors.get(tensor)!.data.buffer)), tensor).toBe(
        0,
      );
    }
    expect([back.pooling, back.maxLength]).toEqual(['cls', 48]);
    const wrapped = zipSync(
      Object.fromEntries(Object.entries(files).map(([file, content]) => [`mine/${file}`, content])),
    );
    expect(loadModel(unzipModelFiles(wrapped, 'mine.zip'), 'mine').tensors.size).toBe(base.tensors.size);
  });

  test('says the pooling that is not supported', () => {
    const pooling = strToU8(JSON.stringify({ pooling_mode_weightedmean_tokens: true }));
    const odd = new Map([...Object.entries(files), ['1_Pooling/config.json', pooling] as const]);
    expect(() => loadModel(odd, 'odd')).toThrow(/“odd”.*pooling_mode_weightedmean_tokens/);
  });
});

test('the preset ships with its card', () => {
  const card = readFileSync(new URL('../../public/presets/embedsmith-tiny/README.md', import.meta.url), 'utf8');
  expect(card).toContain('# embedsmith-tiny');
});
