/** Runs LayerNorm and its gradient on WebGPU (norm-programs.ts), for the operations that it is a part of. */
import type * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { grid, mainWgsl, type Program } from '../device/program.ts';
import { unitOf, unitsOf, unitWgsl } from '../device/units.ts';
import { depthOf, type NormRows, normBackward, normForward, perGroup, sumsOf } from './norm-programs.ts';

/** Columns of a workgroup of {@link normSums}, in units. */
const sumColumns = (software: boolean): number => (software ? 8 : 16);

/**
 * Adds the sums of {@link normBackward} to the gradients of weight and bias. Buffers: sums, dweight, dbias; uniforms:
 * first (row of `sums` where they begin) and count.
 */
function normSums(width: number, software: boolean): Program {
  const unit = unitOf(width);
  const columns = sumColumns(software);
  const strips = software ? 1 : 16;
  const collect = software
    ? ''
    : `weight_strips[local] = weight_sum;
  bias_strips[local] = bias_sum;
  workgroupBarrier();
  if (strip > 0u) { return; }
  for (var i = 1u; i < ${strips}u; i++) {
    weight_sum += weight_strips[local + i * ${columns}u];
    bias_sum += bias_strips[local + i * ${columns}u];
  }`;
  const shared = ['weight_strips', 'bias_strips'].map(
    (name) => `var<workgroup> ${name} : array<Unit, ${columns * strips}>;`,
  );
  return {
    name: `norm-sums-${width}-${software ? 'barrier-free' : 'workgroup'}`,
    buffers: { sums: `read ${unit}`, dweight: `write ${unit}`, dbias: `write ${unit}` },
    uniforms: { first: 'u32', count: 'u32' },
    code: `${unitWgsl(width)}
${software ? '' : shared.join('\n')}
${mainWgsl(columns * strips)}
  let strip = local / ${columns}u;
  let unit = flat_group(group, groups) * ${columns}u + local % ${columns}u;
  let column = min(unit, units - 1u);
  var weight_sum = Unit(0.0);
  var bias_sum = Unit(0.0);
  for (var i = strip; i < uniforms.count; i += ${strips}u) {
    let at = (uniforms.first + 2u * i) * units + column;
    weight_sum += sums[at];
    bias_sum += sums[at + units];
  }
  ${collect}
  if (unit >= units) { return; }
  dweight[unit] += weight_sum;
  dbias[unit] += bias_sum;
}`,
  };
}

type Tensors = Record<string, tf.TensorInfo>;
type Uniforms = { epsilon: number; place: number; threshold: number };

/** Normalises `rows` rows: `tensors` are the row's buffers, weight, bias, key (with dropout), y, and s (if kept). */
export function runNormForward(
  gpu: Dispatcher,
  norm: NormRows,
  rows: number,
  tensors: Tensors,
  uniforms: Uniforms,
): void {
  gpu.run(normForward(norm), tensors, { rows, ...uniforms }, grid(Math.ceil(rows / perGroup(norm.software))));
}

/**
 * Writes the gradients of `rows` rows, and adds to those of weight and bias.
 * @param tensors the row's buffers, weight, key (with dropout), dy, ds, dx (with dropout in the row), and sums
 *   `[2 · sumsOf(rows), width]`; without sums, ds has that many rows more than `rows`, which saves a buffer
 * @returns the gradients of the two `parameters`, weight and bias
 */
export function runNormBackward(
  gpu: Dispatcher,
  norm: NormRows,
  rows: number,
  tensors: Tensors,
  uniforms: Uniforms,
  parameters: [weight: tf.TensorInfo, bias: tf.TensorInfo],
): [dweight: tf.TensorInfo, dbias: tf.TensorInfo] {
  const { width, software } = norm;
  const joined = tensors.sums === undefined;
  const [dweight, dbias] = [gpu.gradientOf(parameters[0]), gpu.gradientOf(parameters[1])];
  const count = sumsOf(rows, software);
  const depth = depthOf(rows, software);
  gpu.run(
    normBackward(norm, joined),
    tensors,
    { rows, depth, ...uniforms },
    grid(Math.ceil(count / perGroup(software))),
  );
  const sums = { sums: tensors.sums ?? tensors.ds!, dweight, dbias };
  const groups = grid(Math.ceil(unitsOf(width) / sumColumns(software)));
  gpu.run(normSums(width, software), sums, { first: joined ? rows : 0, count }, groups);
  return [dweight, dbias];
}
