/**
 * The embeddings of tokens: x₀ = dropout(LN(Σₖ tableₖ[rowₖ(token)])), rows `[tokens, hidden]`; as a rule the tables are
 * word, position and token type (formulas of LN in layer-norm.ts). Dropout comes after the norm.
 *
 * With ds the gradient of the sum, each table gets dtable[r] += Σ ds over the tokens that read row r. Backward computes
 * the sum again from the tables.
 */
import * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import type { Storage } from '../device/storage.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { dropoutReference, type PlacedDropout } from '../dropout.ts';
import { maskOf, simdMask, thresholdOf } from '../dropout-mask.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import type { Simd } from '../wasm/simd-module.ts';
import { defineSimdKernel } from '../wasm/wasm.ts';
import { layerNormReference } from './layer-norm.ts';
import { addStrips } from './norm-heap.ts';
import { type NormRows, sumsOf } from './norm-programs.ts';
import { runNormBackward, runNormForward } from './norm-run.ts';
import { addTableGradient } from './table-gradient.ts';

const forward = 'EmbedsmithEmbedTokens';
const backward = 'EmbedsmithEmbedTokensGradient';

type Attributes = { tables: number; epsilon: number; rate: number; place: number; storage: Storage };

/** The oracle, in stock operations; differentiable. */
export function embedTokensReference(
  tables: readonly tf.Tensor2D[],
  index: tf.Tensor2D,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
  drop: PlacedDropout | null,
): tf.Tensor2D {
  const rows = tf.unstack(index) as tf.Tensor1D[];
  const sum = tf.addN(tables.map((table, k) => tf.gather(table, rows[k]!)));
  return dropoutReference(layerNormReference(sum, weight, bias, epsilon), drop);
}

/** y = Σₖ tableₖ[rowₖ(token)] of every token. */
function sumRows(simd: Simd, tables: number[], index: number, y: number, tokens: number, width: number): void {
  for (const [k, table] of tables.entries()) {
    const own = index + 4 * k * tokens;
    simd.run('gatherRows', simd.partsFor(tokens * width), table, own, y, tokens, width, k === 0 ? 0 : 1);
  }
}

// Inputs: index, weight, bias, the tables, and the step's key where there is dropout.
defineSimdKernel<Attributes>(
  forward,
  ([index, weight]) => [[index!.shape[1]!, weight!.shape[0]!]],
  ({ simd, inputs, outputs: [y], infos, firstInt }, { tables: count, epsilon, rate, place }) => {
    const [index, weight, bias, ...others] = inputs as [number, number, number, ...number[]];
    const [tokens, width] = [infos[0]!.shape[1]!, infos[1]!.shape[0]!];
    const mask = simdMask(maskOf(firstInt(3 + count), rate, place));
    sumRows(simd, others.slice(0, count), index, y!, tokens, width);
    const parts = simd.partsFor(tokens * width);
    simd.run('layerNormDropout', parts, y!, weight, bias, y!, tokens, width, epsilon, ...mask);
  },
);

// Inputs: dy and those of forward; outputs: the gradients of weight, bias and the tables.
defineSimdKernel<Attributes>(
  backward,
  ([, , ...infos], { tables }) => infos.slice(0, 2 + tables).map(({ shape }) => shape),
  ({ simd, inputs, outputs, infos, firstInt, room }, { tables: count, epsilon, rate, place }) => {
    const [dy, index, weight, , ...others] = inputs as [number, number, number, number, ...number[]];
    const [dweight, dbias, ...dtables] = outputs as [number, number, ...number[]];
    const [tokens, width] = infos[0]!.shape as [number, number];
    const mask = simdMask(maskOf(firstInt(4 + count), rate, place));
    const parts = simd.partsFor(tokens * width);
    const [ds, own, strips] = [room(tokens * width), room(parts * width), room(parts * 2 * width)];
    sumRows(simd, others.slice(0, count), index, ds, tokens, width);
    const tensors = [dy, ds, weight, own, strips];
    simd.run('layerNormDropoutGradient', parts, ...tensors, tokens, width, epsilon, ...mask);
    addStrips(simd, strips, parts, width, dweight, dbias);
    for (const [k, dtable] of dtables.entries()) {
      const size = tf.util.sizeFromShape(infos[4 + k]!.shape);
      simd.run('clear', simd.partsFor(size), dtable, size);
      simd.run('scatterRows', parts, ds, index + 4 * k * tokens, dtable, tokens, width);
    }
  },
);

const normOf = (gpu: Dispatcher, width: number, tables: number, drop: boolean, storage: Storage): NormRows => {
  const numbers = Array.from({ length: tables }, (_, k) => k);
  const row = numbers.map((k) => `table_${k}[u32(index[${k}u * uniforms.rows + row]) * units + unit]`).join(' + ');
  return {
    name: `embed-tokens-${tables}`,
    width,
    buffers: (unit) => ({
      index: 'read i32',
      ...Object.fromEntries(numbers.map((k) => [`table_${k}`, `read ${unit}` as const])),
    }),
    row,
    drop: drop ? 'result' : null,
    storage,
    software: gpu.software,
  };
};

/** The tables under their names in the programs. */
const named = (tables: tf.TensorInfo[]) => Object.fromEntries(tables.map((table, k) => [`table_${k}`, table]));

defineGpuKernel<Attributes>(forward, (gpu, [index, weight, bias, ...others], attributes) => {
  const { tables: count, epsilon, rate, place, storage } = attributes;
  const [rows, width] = [index!.shape[1]!, weight!.shape[0]!];
  const key = others[count];
  const y = gpu.create([rows, width], storage);
  const tensors = { index: index!, ...named(others.slice(0, count)), weight: weight!, bias: bias!, key: key!, y };
  const norm = normOf(gpu, width, count, key !== undefined, storage);
  runNormForward(gpu, norm, rows, tensors, { epsilon, place, threshold: thresholdOf(rate) });
  return [y];
});

defineGpuKernel<Attributes>(backward, (gpu, [dy, index, weight, bias, ...others], attributes) => {
  const { tables: count, epsilon, rate, place } = attributes;
  const [rows, width] = dy!.shape as [number, number];
  const tables = others.slice(0, count);
  const key = others[count];
  const norm = normOf(gpu, width, count, key !== undefined, gpu.storageOf(dy!));
  const ds = gpu.create([rows + 2 * sumsOf(rows, norm.software), width]); // the sums of the norm follow in it
  const tensors = { index: index!, ...named(tables), weight: weight!, key: key!, dy: dy!, ds };
  const uniforms = { epsilon, place, threshold: thresholdOf(rate) };
  const parameters = runNormBackward(gpu, norm, rows, tensors, uniforms, [weight!, bias!]);
  const dtables = tables.map((table, which) => addTableGradient(gpu, which, table, ds, index!));
  gpu.backend.disposeData(ds.dataId);
  return [...parameters, ...dtables];
});

/**
 * @param tables each `[its rows, hidden]`
 * @param index int32 `[2 · tables, tokens]`, what `indexTokens` gives for the tokens' rows in these tables
 * @param weight of the norm, `[hidden]`
 * @param bias of the norm, `[hidden]`
 * @param epsilon added to the variance
 * @param drop the dropout of the result, or null
 * @param storage of the result on WebGPU, and of all that is computed from it; halves where hidden divides into fours
 * @returns `[tokens, hidden]`
 */
export function embedTokens(
  tables: readonly tf.Tensor2D[],
  index: tf.Tensor2D,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
  drop: PlacedDropout | null,
  storage: Storage = 'float32',
): tf.Tensor2D {
  if (!hasKernel(forward)) return embedTokensReference(tables, index, weight, bias, epsilon, drop);
  const rate = drop?.rate ?? 0;
  const attributes = { tables: tables.length, epsilon, rate, place: drop?.place ?? 0, storage };
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const inputs = [index, ...(args as tf.Tensor[]), ...(drop && rate > 0 ? [drop.key] : [])];
    save(inputs);
    return {
      value: runKernel(forward, inputs, attributes)[0]!,
      gradFunc: (dy, saved) => runKernel(backward, [dy as tf.Tensor, ...(saved as tf.Tensor[])], attributes),
    };
  });
  return op(weight, bias, ...tables) as tf.Tensor2D;
}
