/**
 * Rows divided by their Euclidean length: y = x / max(|x|, 10⁻¹²), as torch.nn.functional.normalize.
 * dx = (dy − (dy · y) y) / max(|x|, 10⁻¹²), also of rows of zeros, where stock operations give none.
 */
import * as tf from '@tensorflow/tfjs';
import { grid, type Program } from '../device/program.ts';
import { type Unit, unitOf, unitsOf } from '../device/units.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineWasmKernel } from '../wasm/wasm.ts';
import { innerWgsl, inverseLengthWgsl, lineThreads, shortest } from './row-sums.ts';

const forward = 'EmbedsmithNormalizeRows';
const backward = 'EmbedsmithNormalizeRowsGradient';

/** The oracle, in stock operations; differentiable. */
export function normalizeRowsReference(x: tf.Tensor2D): tf.Tensor2D {
  return tf.div(x, tf.maximum(tf.sqrt(tf.sum(tf.square(x), -1, true)), shortest));
}

function inverseLength(x: ArrayLike<number>, start: number, width: number): number {
  let squares = 0;
  for (let j = start; j < start + width; j++) squares += x[j]! * x[j]!;
  return 1 / Math.max(Math.sqrt(squares), shortest);
}

defineWasmKernel(
  forward,
  ([x]) => [x!.shape],
  ([x], [y], _, [info]) => {
    const width = info!.shape[1]!;
    for (let start = 0; start < x!.length; start += width) {
      const inverse = inverseLength(x!, start, width);
      for (let j = start; j < start + width; j++) y![j] = x![j]! * inverse;
    }
  },
);

defineWasmKernel(
  backward,
  ([x]) => [x!.shape],
  ([x, dy], [dx], _, [info]) => {
    const width = info!.shape[1]!;
    for (let start = 0; start < x!.length; start += width) {
      const inverse = inverseLength(x!, start, width);
      let along = 0;
      for (let j = start; j < start + width; j++) along += dy![j]! * x![j]!;
      along *= inverse * inverse;
      for (let j = start; j < start + width; j++) dx![j] = (dy![j]! - along * x![j]!) * inverse;
    }
  },
);

function program(unit: Unit, software: boolean, gradient: boolean): Program {
  const { name, head, reduce } = lineThreads(software);
  const sum = (a: string, b: string) => `${a} + ${b}`;
  return {
    name: `normalize-rows${gradient ? '-gradient' : ''}-${name}-${unit}`,
    buffers: {
      x: `read ${unit}`,
      ...(gradient ? { dy: `read ${unit}` as const } : {}),
      result: `write ${unit}`,
    },
    uniforms: { rows: 'u32', columns: 'u32' },
    code: `${innerWgsl(unit)}
${inverseLengthWgsl}
${head}
  if (line >= uniforms.rows) { return; }
  let start = line * uniforms.columns;
  let end = start + uniforms.columns;
  var squares = 0.0;
  ${gradient ? 'var along = 0.0;' : ''}
  for (var k = start + lane; k < end; k += lanes) {
    squares += inner(x[k], x[k]);
    ${gradient ? 'along += inner(x[k], dy[k]);' : ''}
  }
  ${reduce('squares', sum)}
  ${gradient ? reduce('along', sum) : ''}
  let inverse = inverse_length(squares);
  for (var k = start + lane; k < end; k += lanes) {
    result[k] = ${gradient ? '(dy[k] - along * inverse * inverse * x[k])' : 'x[k]'} * inverse;
  }
}`,
  };
}

for (const [name, gradient] of [
  [forward, false],
  [backward, true],
] as const) {
  defineGpuKernel(name, (gpu, [x, dy]) => {
    const [rows, width] = x!.shape as [number, number];
    const [unit, columns] = [unitOf(width), unitsOf(width)];
    const result = gpu.create(x!.shape);
    const groups = grid(lineThreads(gpu.software).groups(rows));
    const buffers = { x: x!, ...(gradient ? { dy: dy! } : {}), result };
    gpu.run(program(unit, gpu.software, gradient), buffers, { rows, columns }, groups);
    return [result];
  });
}

/**
 * @param x `[rows, width]`
 * @returns `[rows, width]`
 */
export function normalizeRows(x: tf.Tensor2D): tf.Tensor2D {
  if (!hasKernel(forward)) return normalizeRowsReference(x);
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([input]);
    return {
      value: runKernel(forward, [input])[0]!,
      gradFunc: (dy, saved) => runKernel(backward, [(saved as tf.Tensor[])[0]!, dy as tf.Tensor])[0]!,
    };
  });
  return op(x) as tf.Tensor2D;
}
