/**
 * GradCache (see grad-cache.ts) on the WebGPU device: each mini-batch's forward pass, the loss, and each mini-batch's second
 * pass with its backward pass are recorded and replayed; embeddings and their gradient lie in two buffers between them.
 */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import { sliceBatch } from '../data/token-batch.ts';
import type { Dispatcher } from '../kernels/device/dispatch.ts';
import { leanBackward } from '../kernels/lean-backward.ts';
import { tokenCapacity } from '../kernels/recording/buckets.ts';
import { readRows, writeRows } from '../kernels/recording/rows.ts';
import type { OnDevice, StepArrays } from '../kernels/recording/step-arrays.ts';
import type { Model } from '../model/model.ts';
import { packedTokens, tokenArrays } from '../model/packed-tokens.ts';
import {
  dropoutKey,
  dropoutOf,
  embed,
  type Gradients,
  gradientsOf,
  lossOfEmbeddings,
  type StepBatch,
} from './gradients.ts';

/** Runs `body` with the arrays on the device, as a replayer does. */
export type RunPart = <A extends StepArrays>(key: string, arrays: A, body: (tensors: OnDevice<A>) => void) => void;

/**
 * @param scaled the loss that gradients are taken of
 * @param addInPlace takes the loss and gradients of what was computed
 * @param forget is called where what was recorded must not be replayed again
 */
export function recordedGradCache(
  model: Model,
  config: RunConfig,
  gpu: Dispatcher,
  scaled: (loss: tf.Scalar) => tf.Scalar,
  addInPlace: (gradients: Gradients) => void,
  forget: () => void,
) {
  const width = model.config.hidden_size;
  let matrices: { rows: number; embeddings: GPUBuffer; slope: GPUBuffer } | null = null;

  function dispose(): void {
    matrices?.embeddings.destroy();
    matrices?.slope.destroy();
    matrices = null;
  }

  /** Room for the embeddings of so many rows, and for their gradient. */
  function matricesFor(rows: number) {
    if (matrices && matrices.rows >= rows) return matrices;
    dispose();
    forget(); // what was recorded reads the old ones
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const make = () => gpu.device.createBuffer({ size: 4 * rows * width, usage });
    matrices = { rows, embeddings: make(), slope: make() };
    return matrices;
  }

  function arraysOf(batch: StepBatch, start: number, step: number, part: number) {
    const tokens = sliceBatch(batch.tokens, start, Math.min(batch.tokens.rows, start + config.miniBatchSize));
    const arrays = tokenArrays(tokens, model.config, tokenCapacity(tokens.tokens));
    return { ...arrays, key: dropoutKey(config, step, part), at: Int32Array.of(start) };
  }

  type Arrays = ReturnType<typeof arraysOf>;

  const embedPart = (arrays: Arrays, tensors: OnDevice<Arrays>) =>
    embed(model, packedTokens(arrays, tensors, model.config), config, dropoutOf(config.dropout, tensors.key));

  return {
    /** Adds up the loss and the gradients of a batch, `config.miniBatchSize` rows at a time. */
    addUp(batch: StepBatch, step: number, run: RunPart): void {
      const { rows } = batch.tokens;
      const { embeddings, slope } = matricesFor(rows);
      const parts: Arrays[] = [];
      for (let start = 0; start < rows; start += config.miniBatchSize) {
        parts.push(arraysOf(batch, start, step, parts.length));
      }
      for (const arrays of parts) {
        run('embed', arrays, (tensors) =>
          writeRows(gpu, embedPart(arrays, tensors), tensors.at, { buffer: embeddings }),
        );
      }
      const whole = { targets: batch.targets, at: Int32Array.of(0) };
      run(`loss of ${rows}`, whole, ({ targets, at }) => {
        const inputs = { size: batch.size, targets };
        const compute = (x: tf.Tensor) => scaled(lossOfEmbeddings(model, x as tf.Tensor2D, inputs, config));
        const all = gpu.adopt(embeddings, rows * width, 'float32').reshape([rows, width]);
        const { value, grad } = leanBackward(() => tf.valueAndGrad(compute)(all));
        writeRows(gpu, grad as tf.Tensor2D, at, { buffer: slope });
        addInPlace({ loss: value as tf.Scalar, gradients: new Map() });
      });
      for (const arrays of parts) {
        run('backward', arrays, (tensors) => {
          const { gradients } = gradientsOf(
            model,
            config,
            () => readRows(gpu, { buffer: slope }, tensors.at, [arrays.starts.length - 1, width]),
            (share) => tf.sum(tf.mul(embedPart(arrays, tensors), share)),
          );
          addInPlace({ loss: tf.scalar(0), gradients });
        });
      }
    },
    /** What lies between the recorded passes. */
    bytes: () => (matrices ? 8 * matrices.rows * width : 0),
    dispose,
  };
}
