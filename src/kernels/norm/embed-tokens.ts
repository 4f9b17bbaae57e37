/**
 * The embeddings of tokens: x₀ = dropout(LN(Σₖ tableₖ[rowₖ(token)])), rows `[tokens, hidden]`; as a rule the tables are
 * word, position and token type (formulas of LN in layer-norm.ts). Dropout comes after the norm.
 *
 * With ds the gradient of the sum, each table gets dtable[r] += Σ ds over the tokens that read row r. Backward computes
 * the sum again from the tables.
 */
import * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { dropoutReference, type PlacedDropout } from '../dropout.ts';
import { dropElements, maskOf, thresholdOf } from '../dropout-mask.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineWasmKernel } from '../wasm/wasm.ts';
import { layerNormReference } from './layer-norm.ts';
import { meanOf, NormGradient, normaliseRow } from './norm-heap.ts';
import { type NormRows, sumsOf } from './norm-programs.ts';
import { runNormBackward, runNormForward } from './norm-run.ts';
import { addTableGradient } from './table-gradient.ts';

const forward = 'EmbedsmithEmbedTokens';
const backward = 'EmbedsmithEmbedTokensGradient';

type Attributes = { tables: number; epsilon: number; rate: number; place: number };

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

/** Sums the rows that a token reads into `to` from `at` on, and gives the mean of the sum. */
function sumRow(
  tables: readonly ArrayLike<number>[],
  index: ArrayLike<number>,
  token: number,
  width: number,
  to: Float32Array,
  at: number,
): number {
  const tokens = index.length / (2 * tables.length);
  for (let k = 0; k < tables.length; k++) {
    const table = tables[k]!;
    const from = index[k * tokens + token]! * width;
    if (k === 0) for (let j = 0; j < width; j++) to[at + j] = table[from + j]!;
    else for (let j = 0; j < width; j++) to[at + j]! += table[from + j]!;
  }
  return meanOf(to, at, width);
}

// Inputs: index, weight, bias, the tables, and the step's key where there is dropout.
defineWasmKernel<Attributes>(
  forward,
  ([index, weight]) => [[index!.shape[1]!, weight!.shape[0]!]],
  ([index, weight, bias, ...others], [y], { tables: count, epsilon, rate, place }) => {
    const width = weight!.length;
    const tables = others.slice(0, count);
    const mask = maskOf(others[count]?.[0], rate, place);
    for (let at = 0; at < y!.length; at += width) {
      const mean = sumRow(tables, index!, at / width, width, y!, at);
      normaliseRow(y!, y!, at, mean, weight!, bias!, epsilon);
      if (mask) dropElements([y!, at], [y!, at], width, at, mask);
    }
  },
);

// Inputs: dy and those of forward; outputs: the gradients of weight, bias and the tables.
defineWasmKernel<Attributes>(
  backward,
  ([, , ...infos], { tables }) => infos.slice(0, 2 + tables).map(({ shape }) => shape),
  ([dy, index, weight, , ...others], [dweight, dbias, ...dtables], { tables: count, epsilon, rate, place }) => {
    const width = weight!.length;
    const tokens = dy!.length / width;
    const tables = others.slice(0, count);
    const mask = maskOf(others[count]?.[0], rate, place);
    const gradient = new NormGradient(weight!, epsilon);
    const ds = new Float32Array(width);
    const own = new Float32Array(width); // dy of a token before dropout
    for (const dtable of dtables) dtable.fill(0);
    for (let token = 0; token < tokens; token++) {
      const mean = sumRow(tables, index!, token, width, ds, 0);
      if (mask) dropElements([dy!, token * width], [own, 0], width, token * width, mask);
      gradient.row(ds, 0, mean, mask ? own : dy!, mask ? 0 : token * width, ds);
      for (let k = 0; k < count; k++) {
        const dtable = dtables[k]!;
        const to = index![k * tokens + token]! * width;
        for (let j = 0; j < width; j++) dtable[to + j]! += ds[j]!;
      }
    }
    dweight!.set(gradient.weightSums);
    dbias!.set(gradient.biasSums);
  },
);

const normOf = (gpu: Dispatcher, width: number, tables: number, drop: boolean): NormRows => {
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
    software: gpu.software,
  };
};

/** The tables under their names in the programs. */
const named = (tables: tf.TensorInfo[]) => Object.fromEntries(tables.map((table, k) => [`table_${k}`, table]));

defineGpuKernel<Attributes>(forward, (gpu, [index, weight, bias, ...others], attributes) => {
  const { tables: count, epsilon, rate, place } = attributes;
  const [rows, width] = [index!.shape[1]!, weight!.shape[0]!];
  const key = others[count];
  const y = gpu.create([rows, width]);
  const tensors = { index: index!, ...named(others.slice(0, count)), weight: weight!, bias: bias!, key: key!, y };
  const norm = normOf(gpu, width, count, key !== undefined);
  runNormForward(gpu, norm, rows, tensors, { epsilon, place, threshold: thresholdOf(rate) });
  return [y];
});

defineGpuKernel<Attributes>(backward, (gpu, [dy, index, weight, bias, ...others], attributes) => {
  const { tables: count, epsilon, rate, place } = attributes;
  const [rows, width] = dy!.shape as [number, number];
  const tables = others.slice(0, count);
  const key = others[count];
  const norm = normOf(gpu, width, count, key !== undefined);
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
 * @returns `[tokens, hidden]`
 */
export function embedTokens(
  tables: readonly tf.Tensor2D[],
  index: tf.Tensor2D,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
  drop: PlacedDropout | null,
): tf.Tensor2D {
  if (!hasKernel(forward)) return embedTokensReference(tables, index, weight, bias, epsilon, drop);
  const rate = drop?.rate ?? 0;
  const attributes = { tables: tables.length, epsilon, rate, place: drop?.place ?? 0 };
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
