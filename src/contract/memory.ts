/**
 * What training takes of the device's memory: roughly, before a model is loaded, and to within a few percent once model,
 * options and batch are known.
 */
import type { RunConfig } from './catalogue.ts';
import { plainLedger, pooledLedger } from './memory-ledger.ts';
import { walkStepOnWasm } from './memory-wasm.ts';
import { walkStepOnWebGpu } from './memory-webgpu.ts';

/**
 * Bytes for weights, gradients and AdamW's two moments, each float32; activations, which depend on batch and length, come on top.
 * @param parameters how many numbers the model has
 */
export function trainingMemory(parameters: number): number {
  return 4 * 4 * parameters;
}

/** The loaded model, as far as memory cares. */
export type ModelSizes = {
  layers: number;
  hidden: number;
  intermediate: number;
  heads: number;
  vocabulary: number;
  /** Whether its hidden states can be halves (model/encoder.ts). */
  halvable: boolean;
  /** Rows of the position embeddings. */
  positions: number;
  /** Token types; 0 where the model has none. */
  types: number;
  /** Whether it has a pooler. */
  pooler: boolean;
};

/** A batch: of each of `positions` texts `size` rows, and their tokens. */
export type BatchSizes = { size: number; positions: number; tokens: number; longest: number };

export type MemoryOptions = Pick<
  RunConfig,
  | 'objective'
  | 'optimizer'
  | 'dropout'
  | 'normalize'
  | 'recompute'
  | 'precision'
  | 'freezeEmbeddings'
  | 'accumulation'
  | 'miniBatchSize'
  | 'views'
>;

/** Where it runs; `software`: a WebGPU device that computes in software. */
export type Device = { name: 'webgpu' | 'wasm'; software: boolean };

/** Bytes by what they are for. */
export type MemoryNeed = { weights: number; gradients: number; optimizer: number; activations: number; total: number };

/** What the steps' walks read of a model. */
export type EncoderSizes = Pick<ModelSizes, 'layers' | 'hidden' | 'intermediate' | 'heads'> & { tables: number };

/** What they read of a batch; `comparison`: what the loss compares, all rows with all candidates, all pairs, or single ones. */
export type StepShape = {
  rows: number;
  size: number;
  tokens: number;
  longest: number;
  drop: boolean;
  normalize: boolean;
  recompute: boolean;
  /** Whether hidden states and their gradients are halves. */
  halves: boolean;
  comparison: 'ranking' | 'matrix' | 'single';
};

const comparisons: Partial<Record<RunConfig['objective'], StepShape['comparison']>> = {
  mnrl: 'ranking',
  'cached-mnrl': 'ranking',
  simcse: 'ranking',
  'simcse-supervised': 'ranking',
  cosent: 'matrix',
  angle: 'matrix',
};

/** Floats of every parameter (model/parameters.ts); query, key and value are one. */
function parameterFloats({ layers, hidden, intermediate, vocabulary, positions, types, pooler }: ModelSizes): number[] {
  const vectors = (count: number) => Array<number>(count).fill(hidden);
  const layer = [
    3 * hidden * hidden,
    3 * hidden,
    hidden * hidden,
    ...Array<number>(2).fill(hidden * intermediate),
    intermediate,
    ...vectors(6),
  ];
  return [
    ...[vocabulary, positions, types].filter((rows) => rows > 0).map((rows) => rows * hidden),
    ...vectors(2),
    ...Array.from({ length: layers }, () => layer).flat(),
    ...(pooler ? [hidden * hidden, hidden] : []),
  ];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** Tokens that a recorded step makes room for, as in kernels/recording/buckets.ts. */
function tokenCapacity(tokens: number): number {
  const step = Math.max(32, 2 ** (Math.floor(Math.log2(tokens)) - 4));
  return Math.ceil(tokens / step) * step;
}

/** The arena's parameters begin at multiples of so many floats. */
const blockFloats = 256;
/** A recording's uniforms. */
const pageBytes = 256 * 1024;

function shapeOf(
  options: MemoryOptions,
  halvable: boolean,
  { size, positions, tokens, longest }: BatchSizes,
): StepShape {
  const { objective, dropout, normalize, recompute, precision, views } = options;
  const interleaved = objective === 'simcse' && views === 'interleaved';
  return {
    size,
    rows: size * positions,
    tokens,
    longest,
    drop: dropout > 0,
    normalize: normalize === 'yes' && objective !== 'cross-encoder',
    recompute: recompute === 'yes',
    halves: precision === 'float16-storage' && halvable,
    comparison: interleaved ? 'matrix' : (comparisons[objective] ?? 'single'),
  };
}

/** What one pass of the model holds: of the whole batch, or of a mini-batch where those are taken one after the other. */
function passOf(options: MemoryOptions, batch: BatchSizes): BatchSizes {
  const rows = batch.size * batch.positions;
  if (options.objective !== 'cached-mnrl' || options.miniBatchSize >= rows) return batch;
  const share = options.miniBatchSize / rows;
  return { ...batch, size: options.miniBatchSize, positions: 1, tokens: Math.ceil(batch.tokens * share) };
}

function onWebGpu(model: ModelSizes, options: MemoryOptions, batch: BatchSizes, software: boolean): MemoryNeed {
  const blocks = sum(parameterFloats(model).map((floats) => Math.ceil(floats / blockFloats)));
  const weights = 4 * blockFloats * blocks;
  const cached = options.objective === 'cached-mnrl';
  const pass = passOf(options, batch);
  const tables = model.types > 0 ? 3 : 2;
  const shape = shapeOf(options, model.halvable, pass);
  const tokens = tokenCapacity(shape.tokens);
  const ledger = pooledLedger();
  walkStepOnWebGpu(ledger, { ...model, tables }, { ...shape, tokens }, software);
  const recordings = cached ? 3 : 1;
  const inputs = 4 * (2 * tables * tokens + shape.rows + 1 + shape.size);
  let activations = ledger.bytes + recordings * pageBytes + (cached ? 2 : 1) * inputs;
  if (cached) {
    const rows = batch.size * batch.positions;
    // The embeddings and their gradient, and what the loss makes of them: a copy of each side and its gradient, two matrices.
    activations += 4 * model.hidden * rows * 4 + 2 * 4 * batch.size * (rows - batch.size);
  }
  const slots = options.optimizer === 'sgd' ? 1 : 2;
  const optimizer = slots * weights + 8 * blocks + 4 * 512 + 4 + 4 * (8 + 2 * 64);
  return { weights, gradients: weights, optimizer, activations, total: 2 * weights + optimizer + activations };
}

/** Tensors of a parameter's size that its update holds beside it (optimizer/). */
const updateTensors: Record<RunConfig['optimizer'], number> = { adamw: 0, adam: 3, sgd: 7 };

function onWasm(model: ModelSizes, options: MemoryOptions, batch: BatchSizes): MemoryNeed {
  const weights = 4 * sum(parameterFloats(model));
  const { vocabulary, positions, types, hidden } = model;
  const tables = options.freezeEmbeddings === 'yes' ? 0 : hidden * (vocabulary + positions + types);
  const frozen = options.freezeEmbeddings === 'yes' ? 4 * hidden * (vocabulary + positions + types + 2) : 0;
  const learning = weights - frozen;
  const ledger = plainLedger();
  walkStepOnWasm(ledger, { ...model, tables: 0 }, shapeOf(options, false, passOf(options, batch)), tables);
  const largest = 4 * hidden * (tables > 0 ? vocabulary : model.intermediate);
  // Where gradients are summed over parts of a step, there are two of each for a while, and of one a third.
  const summed = options.accumulation > 1 || options.objective === 'cached-mnrl' ? learning + largest : 0;
  const gradients = learning + summed;
  const slots = options.optimizer === 'sgd' ? 1 : 2;
  const optimizer = slots * learning;
  const activations = Math.max(ledger.bytes - learning, updateTensors[options.optimizer] * largest);
  return { weights, gradients, optimizer, activations, total: weights + gradients + optimizer + activations };
}

/** What training steps on batches of up to this size take at the most. */
export function predictMemory(
  model: ModelSizes,
  options: MemoryOptions,
  batch: BatchSizes,
  device: Device,
): MemoryNeed {
  return device.name === 'webgpu' ? onWebGpu(model, options, batch, device.software) : onWasm(model, options, batch);
}
