/**
 * The same training step written with tfjs's own operations, as anyone would write it: padded batches, tf.gather, tf.dropout,
 * tf.moments, tf.train.adam. Clipping by the global norm is added, on the device.
 */

import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { WasmBuilds } from '../../../src/kernels/wasm/wasm-backend.ts';
import { createParameters, disposeParameters, type Parameters } from '../../../src/model/parameters.ts';
import { forgetPeak, peakBytes } from '../gpu-meter.ts';
import { encoderConfig, models, randomWeights } from '../models.ts';
import { inTurn, paddedWidth, padRows, type Workload } from '../workload.ts';
import { type Engine, optimizerSettings, type Session } from './engine.ts';
import { profileKernels, readName, startWasmOnce, timeSteps } from './tfjs.ts';

/** `ids`, `positions` and `types` `[rows · width]`; `mask` `[rows, width]`, 1 at real tokens. */
type Batch = {
  rows: number;
  width: number;
  ids: tf.Tensor1D;
  positions: tf.Tensor1D;
  types: tf.Tensor1D;
  mask: tf.Tensor2D;
};

function createBatch(sentences: readonly Int32Array[], width: number): Batch {
  const { ids, mask } = padRows(sentences, width);
  const rows = sentences.length;
  return {
    rows,
    width,
    ids: tf.tensor1d(ids, 'int32'),
    positions: tf.tensor1d(
      ids.map((_, i) => i % width),
      'int32',
    ),
    types: tf.tensor1d(new Int32Array(ids.length), 'int32'),
    mask: tf.tensor2d(mask, [rows, width]),
  };
}

/** Rows of a table; WASM has no UnsortedSegmentSum, so there the gradient is a scatter. */
function gather(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  if (tf.getBackend() !== 'wasm') return tf.gather(table, ids);
  const op = tf.customGrad((x) => ({
    value: tf.gather(x as tf.Tensor2D, ids),
    gradFunc: (dy) => tf.scatterND(ids.expandDims(1), dy as tf.Tensor2D, table.shape),
  }));
  return op(table) as tf.Tensor2D;
}

function layerNorm(x: tf.Tensor2D, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, -1, true);
  return x.sub(mean).mul(tf.rsqrt(variance.add(1e-12))).mul(scale).add(shift) as tf.Tensor2D; // biome-ignore format: one formula
}

const gelu = (x: tf.Tensor2D): tf.Tensor2D => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1));

/** Mean-pooled sentence embeddings `[rows, hidden]`. */
function embed(parameters: Parameters, { model, dropout }: Workload, batch: Batch): tf.Tensor2D {
  const { rows, width, mask } = batch;
  const { layers, hidden, heads } = models[model];
  const get = <T extends tf.Tensor>(name: string) => parameters.get(name) as tf.Tensor as T;
  const drop = <T extends tf.Tensor>(x: T): T => (dropout > 0 ? (tf.dropout(x, dropout) as T) : x);
  const dense = (x: tf.Tensor2D, name: string): tf.Tensor2D =>
    tf.matMul(x, get<tf.Tensor2D>(`${name}.weight`), false, true).add(get(`${name}.bias`));
  const norm = (x: tf.Tensor2D, name: string) =>
    layerNorm(x, get(`${name}.LayerNorm.weight`), get(`${name}.LayerNorm.bias`));
  const split = (x: tf.Tensor2D) => x.reshape([rows, width, heads, hidden / heads]).transpose([0, 2, 1, 3]);

  const words = gather(get('embeddings.word_embeddings.weight'), batch.ids);
  const places = gather(get('embeddings.position_embeddings.weight'), batch.positions);
  const types = gather(get('embeddings.token_type_embeddings.weight'), batch.types);
  let x = drop(norm(words.add(places).add(types), 'embeddings')); // [rows · width, hidden]

  const bias = tf.sub(mask, 1).mul(1e9).reshape([rows, 1, 1, width]);
  for (let i = 0; i < layers; i++) {
    const layer = `encoder.layer.${i}`;
    const [q, k, v] = ['query', 'key', 'value'].map((part) => split(dense(x, `${layer}.attention.self.${part}`)));
    const scores = tf.matMul(q!, k!, false, true).mul(1 / Math.sqrt(hidden / heads)).add(bias); // biome-ignore format: one formula
    const context = tf.matMul(drop(tf.softmax(scores)), v!).transpose([0, 2, 1, 3]);
    const merged = context.reshape([rows * width, hidden]) as tf.Tensor2D;
    const attended = norm(x.add(drop(dense(merged, `${layer}.attention.output.dense`))), `${layer}.attention.output`);
    const widened = gelu(dense(attended, `${layer}.intermediate.dense`));
    x = norm(attended.add(drop(dense(widened, `${layer}.output.dense`))), `${layer}.output`);
  }
  const weights = mask.div(mask.sum(1, true)).expandDims(2); // [rows, width, 1]
  return x.reshape([rows, width, hidden]).mul(weights).sum(1);
}

/** Multiple negatives ranking: cross-entropy of scaled cosines, each anchor against all positives. */
function rankingLoss(embeddings: tf.Tensor2D, pairs: number): tf.Scalar {
  const unit = embeddings.div(tf.maximum(tf.norm(embeddings, 2, 1, true), 1e-12)) as tf.Tensor2D;
  const [anchors, positives] = tf.split(unit, 2) as [tf.Tensor2D, tf.Tensor2D];
  const logits = tf.matMul(anchors, positives, false, true).mul(optimizerSettings.scale);
  const own = logits.mul(tf.eye(pairs)).sum(1);
  return tf.logSumExp(logits, 1).sub(own).mean();
}

function trainStep(parameters: Parameters, optimizer: tf.Optimizer, workload: Workload, batch: Batch): tf.Scalar {
  return tf.tidy(() => {
    const variables = [...parameters.values()];
    const compute = () => rankingLoss(embed(parameters, workload, batch), workload.pairs);
    const { value, grads } = tf.variableGrads(compute, variables);
    const squares = Object.values(grads)
      .map((gradient) => gradient.square().sum())
      .reduce((sum, each) => sum.add(each));
    const shrink = tf.minimum(1, tf.div(optimizerSettings.maxGradNorm, squares.sqrt().add(1e-6)));
    optimizer.applyGradients(
      Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [name, gradient.mul(shrink)])),
    );
    return value;
  });
}

async function prepare(backend: 'webgpu' | 'wasm', builds: WasmBuilds, workload: Workload): Promise<Session> {
  const own = await startOwnBackend(backend, builds);
  const width = paddedWidth(workload);
  const batches = workload.batches.map((rows) => createBatch(rows, width));
  const parameters = createParameters(randomWeights(encoderConfig(workload.model)));
  const optimizer = tf.train.adam(optimizerSettings.learningRate, 0.9, 0.999, 1e-8);
  const step = async (number: number) => {
    const loss = trainStep(parameters, optimizer, workload, inTurn(batches, number));
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
  return {
    run: async (steps, first) => {
      await tf.setBackend(own.name);
      return timeSteps(steps, first, step);
    },
    peakBytes: async () => (own.device ? peakBytes(own.device) : null),
    kernelTimes: async () => {
      await tf.setBackend(own.name);
      return profileKernels(() => step(0));
    },
    dispose: async () => {
      await tf.setBackend(own.name);
      disposeParameters(parameters);
      for (const { ids, positions, types, mask } of batches) tf.dispose([ids, positions, types, mask]);
      optimizer.dispose();
      if (own.device) tf.removeBackend(ownName);
      own.device?.destroy();
    },
  };
}

const ownName = 'stock-webgpu';

/** A WebGPU device beside Embedsmith's, so that neither finds the other's pipelines and buffers. */
async function startOwnBackend(
  backend: 'webgpu' | 'wasm',
  builds: WasmBuilds,
): Promise<{ name: string; device: GPUDevice | null }> {
  if (backend === 'wasm') {
    await startWasmOnce(builds);
    await tf.setBackend('wasm');
    return { name: 'wasm', device: null };
  }
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const adapter = (await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }))!;
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  if (tf.findBackendFactory(ownName)) tf.removeBackend(ownName);
  if (tf.getKernelsForBackend(ownName).length === 0) tf.copyRegisteredKernels('webgpu', ownName);
  tf.registerBackend(ownName, () => new WebGPUBackend(device, adapter.info), 0);
  await tf.setBackend(ownName);
  forgetPeak(device);
  return { name: ownName, device };
}

/** @returns null where there is no adapter */
export async function createStock(backend: 'webgpu' | 'wasm', builds: WasmBuilds): Promise<Engine | null> {
  const named = await readName(backend, builds);
  if (!named) return null;
  return {
    name: 'stock',
    backend,
    ...named,
    prepare: (workload) => prepare(backend, builds, workload),
    matmulPeak: null,
  };
}
