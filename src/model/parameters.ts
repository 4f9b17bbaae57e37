/** The weights of an encoder, under Hugging Face BertModel names; Linear weights are [out, in]. */
import * as tf from '@tensorflow/tfjs';
import { currentDispatcher } from '../kernels/device/webgpu.ts';
import { arenaOf, ParameterArena, setArena } from '../kernels/update/parameter-arena.ts';
import type { EncoderConfig } from './config.ts';

/** A tensor on the CPU, as files hold it. */
export type HostTensor = { shape: number[]; data: Float32Array };

/** Variables by name, on the device. */
export type Parameters = ReadonlyMap<string, tf.Variable>;

/** Query, key and value of a layer, which are computed together. */
export const projections = (layer: string): string[] =>
  ['query', 'key', 'value'].map((part) => `${layer}.attention.self.${part}`);

/** Name and shape of every parameter that the encoder uses. A pooler is not among them: {@link poolerShapes}. */
export function parameterShapes(config: EncoderConfig): Map<string, number[]> {
  const { hidden_size: h, intermediate_size: f } = config;
  const shapes = new Map<string, number[]>([
    ['embeddings.word_embeddings.weight', [config.vocab_size, h]],
    ['embeddings.position_embeddings.weight', [config.max_position_embeddings, h]],
  ]);
  if (config.type_vocab_size > 0) shapes.set('embeddings.token_type_embeddings.weight', [config.type_vocab_size, h]);
  const vector = (name: string, size: number) => shapes.set(name, [size]);
  const norm = (name: string) => {
    vector(`${name}.weight`, h);
    vector(`${name}.bias`, h);
  };
  const dense = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs]);
    vector(`${name}.bias`, outputs);
  };
  norm('embeddings.LayerNorm');
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `encoder.layer.${i}`;
    for (const projection of projections(layer)) dense(projection, h, h);
    dense(`${layer}.attention.output.dense`, h, h);
    norm(`${layer}.attention.output.LayerNorm`);
    dense(`${layer}.intermediate.dense`, f, h);
    dense(`${layer}.output.dense`, h, f);
    norm(`${layer}.output.LayerNorm`);
  }
  return shapes;
}

/** Name and shape of the pooler: the layer on the first token, which pooling “pooler” and classification heads use. */
export function poolerShapes({ hidden_size: h }: EncoderConfig): Map<string, number[]> {
  return new Map([
    ['pooler.dense.weight', [h, h]],
    ['pooler.dense.bias', [h]],
  ]);
}

/** Names of weights and of biases that are one matrix, and one vector, to a product. */
function joinedNames(names: Iterable<string>): string[][] {
  const layers = [...names].flatMap((name) => /^(.*)\.attention\.self\.query\.weight$/.exec(name)?.[1] ?? []);
  return layers.flatMap((layer) =>
    ['weight', 'bias'].map((part) => projections(layer).map((projection) => `${projection}.${part}`)),
  );
}

let models = 0;

/** Puts weights on the device: on WebGPU into one arena. tfjs wants every variable's name to be unique, hence the prefix. */
export function createParameters(tensors: ReadonlyMap<string, HostTensor>): Parameters {
  const prefix = `model-${++models}`;
  const gpu = currentDispatcher();
  const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
  const arena = gpu && new ParameterArena(gpu, shapes, joinedNames(shapes.keys()));
  const made = new Map<string, tf.Variable>();
  for (const [name, { data, shape }] of tensors) {
    arena?.write(name, data);
    made.set(
      name,
      tf.tidy(() =>
        tf.variable(arena ? arena.tensor(name) : tf.tensor(data, shape, 'float32'), true, `${prefix}/${name}`),
      ),
    );
  }
  if (arena) setArena(made, arena);
  return made;
}

/** Reads all weights back to the CPU. */
export async function readParameters(parameters: Parameters): Promise<Map<string, HostTensor>> {
  const values = await arenaOf(parameters)?.read();
  const read = new Map<string, HostTensor>();
  for (const [name, variable] of parameters) {
    const data = values?.get(name) ?? ((await variable.data()) as Float32Array);
    read.set(name, { shape: variable.shape.slice(), data });
  }
  return read;
}

/** Puts values read by {@link readParameters} back. */
export function writeParameters(parameters: Parameters, values: ReadonlyMap<string, HostTensor>): void {
  const arena = arenaOf(parameters);
  for (const [name, { data, shape }] of values) {
    if (arena) arena.write(name, data);
    else tf.tidy(() => parameters.get(name)!.assign(tf.tensor(data, shape)));
  }
}

export function disposeParameters(parameters: Parameters): void {
  for (const variable of parameters.values()) variable.dispose();
  arenaOf(parameters)?.dispose();
}
