/** Linear layers on WASM, by products of our own. */
import * as tf from '@tensorflow/tfjs';
import { runKernel } from '../run-kernel.ts';
import { multiplyOnWasm, sumColumnsOnWasm } from '../wasm/mat-mul-wasm.ts';
import { defineWasmKernel, defineWasmOperation } from '../wasm/wasm.ts';
import { geluOnWasm, multiplyByGeluSlope } from './gelu.ts';
import {
  geluGradientKernel,
  halves,
  type InputGradient,
  inputGradientKernel,
  linearGeluKernel,
  linearsKernel,
  weightGradientKernel,
} from './linear-kernels.ts';

const addTo = 'EmbedsmithAddTo';

// x += y, in place.
defineWasmKernel(
  addTo,
  () => [],
  ([x, y]) => {
    for (let i = 0; i < x!.length; i++) x![i]! += y![i]!;
  },
);

/** Tensors one behind the other along the first axis. */
const join = <T extends tf.Tensor>(tensors: tf.Tensor[]): T =>
  (tensors.length === 1 ? tensors[0]! : tf.concat(tensors, 0)) as T;

/** The opposite. */
const separate = (tensor: tf.Tensor, sizes: number[]): tf.Tensor[] =>
  sizes.length === 1 ? [tensor] : tf.split(tensor, sizes, 0);

const linears = (x: tf.Tensor, weights: tf.Tensor[], biases: tf.Tensor[]): tf.Tensor2D =>
  multiplyOnWasm('nt', x as tf.Tensor2D, join(weights), join(biases));

defineWasmOperation(linearsKernel, ([x, ...parameters]) => [linears(x!, ...halves(parameters))]);

defineWasmOperation<InputGradient>(inputGradientKernel, ([dy, ...others], { passing }) => {
  const passed = passing ? others.pop()! : null;
  const dx = multiplyOnWasm('nn', dy as tf.Tensor2D, join(others));
  if (passed) runKernel(addTo, [dx, passed]);
  return [dx];
});

defineWasmOperation(weightGradientKernel, ([x, dy, ...parameters]) => {
  const outputs = halves(parameters)[1].map(({ size }) => size);
  const d = dy as tf.Tensor2D;
  const joined = [multiplyOnWasm('tn', d, x as tf.Tensor2D), sumColumnsOnWasm(d)];
  return joined.flatMap((gradient) => separate(gradient, outputs));
});

defineWasmOperation(linearGeluKernel, ([x, weight, bias]) => {
  const u = linears(x!, [weight!], [bias!]);
  return [geluOnWasm(u), u];
});

defineWasmOperation(geluGradientKernel, ([dy, weight, u]) => {
  const du = multiplyOnWasm('nn', dy as tf.Tensor2D, weight as tf.Tensor2D);
  multiplyByGeluSlope(u!, du);
  return [du, tf.clone(u!)];
});
