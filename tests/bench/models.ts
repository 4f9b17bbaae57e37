/** The encoders whose training step is timed: BERT's shapes with random weights, which are as fast as learnt ones. */
import { type EncoderConfig, readConfig } from '../../src/model/config.ts';
import type { HostTensor } from '../../src/model/parameters.ts';
import { parameterShapes } from '../../src/model/parameters.ts';

export const models = {
  tiny: { title: 'BERT-tiny', layers: 2, hidden: 128, heads: 2, intermediate: 512 },
  minilm: { title: 'MiniLM-L6', layers: 6, hidden: 384, heads: 12, intermediate: 1536 },
  base: { title: 'BERT-base', layers: 12, hidden: 768, heads: 12, intermediate: 3072 },
} as const;

export type ModelName = keyof typeof models;

export const vocabulary = 30_522;

export function encoderConfig(name: ModelName): EncoderConfig {
  const { layers, hidden, heads, intermediate } = models[name];
  const json = {
    model_type: 'bert',
    vocab_size: vocabulary,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: intermediate,
    max_position_embeddings: 512,
    type_vocab_size: 2,
  };
  return readConfig(json, name, () => []);
}

/**
 * The weights every engine starts from: LayerNorm scales 1, biases 0, all else uniform with deviation 0.02. pytorch.py
 * draws the same numbers: element i of the tensor that begins at number `start` is mix32(start + i), centred and scaled.
 */
export function randomWeights(config: EncoderConfig): Map<string, HostTensor> {
  const tensors = new Map<string, HostTensor>();
  let start = 0;
  for (const [name, shape] of parameterShapes(config)) {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = new Float32Array(size);
    if (name.endsWith('LayerNorm.weight')) data.fill(1);
    else if (!name.endsWith('bias')) for (let i = 0; i < size; i++) data[i] = centred(mix32(start + i));
    tensors.set(name, { shape, data });
    start += size;
  }
  return tensors;
}

/** Uniform around 0 with standard deviation 0.02. */
const centred = (bits: number): number => (bits / 2 ** 32 - 0.5) * Math.sqrt(12) * 0.02;

/** The 32-bit finaliser of MurmurHash3. */
export function mix32(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
