/**
 * Cosine of each row of u with the same row of v, both `[rows, width]` → `[rows]`: c = û · v̂ with x̂ = x / max(|x|, 10⁻¹²).
 * du = dc · (v̂ − c û) / max(|u|, 10⁻¹²), and dv likewise.
 */
import * as tf from '@tensorflow/tfjs';
import { grid, type Program } from '../device/program.ts';
import { type Unit, unitOf, unitsOf } from '../device/units.ts';
import { defineGpuKernel } from '../device/webgpu.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { defineWasmKernel } from '../wasm/wasm.ts';
import { normalizeRowsReference } from './normalize-rows.ts';
import { innerWgsl, inverseLengthWgsl, lineThreads, shortest } from './row-sums.ts';

const forward = 'EmbedsmithRowCosines';
const backward = 'EmbedsmithRowCosinesGradient';

/** The oracle, in stock operations; differentiable. */
export function rowCosinesReference(u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.mul(normalizeRowsReference(u), normalizeRowsReference(v)), -1);
}

/** Inverse lengths of one row of each, and their cosine. */
function relate(u: ArrayLike<number>, v: ArrayLike<number>, start: number, width: number): [number, number, number] {
  let [uu, vv, uv] = [0, 0, 0];
  for (let j = start; j < start + width; j++) {
    uu += u[j]! * u[j]!;
    vv += v[j]! * v[j]!;
    uv += u[j]! * v[j]!;
  }
  const a = 1 / Math.max(Math.sqrt(uu), shortest);
  const b = 1 / Math.max(Math.sqrt(vv), shortest);
  return [a, b, uv * a * b];
}

defineWasmKernel(
  forward,
  ([u]) => [[u!.shape[0]!]],
  ([u, v], [cosines], _, [info]) => {
    const width = info!.shape[1]!;
    for (let row = 0; row < cosines!.length; row++) cosines![row] = relate(u!, v!, row * width, width)[2];
  },
);

defineWasmKernel(
  backward,
  ([u, v]) => [u!.shape, v!.shape],
  ([u, v, dy], [du, dv], _, [info]) => {
    const width = info!.shape[1]!;
    for (let row = 0; row < dy!.length; row++) {
      const [a, b, cosine] = relate(u!, v!, row * width, width);
      for (let j = row * width; j < (row + 1) * width; j++) {
        du![j] = dy![row]! * a * (b * v![j]! - cosine * a * u![j]!);
        dv![j] = dy![row]! * b * (a * u![j]! - cosine * b * v![j]!);
      }
    }
  },
);

function program(unit: Unit, software: boolean, gradient: boolean): Program {
  const { name, head, reduce } = lineThreads(software);
  const sum = (a: string, b: string) => `${a} + ${b}`;
  const result = gradient
    ? `
  for (var k = start + lane; k < end; k += lanes) {
    du[k] = dy[line] * a * (b * v[k] - cosine * a * u[k]);
    dv[k] = dy[line] * b * (a * u[k] - cosine * b * v[k]);
  }`
    : `
  if (lane == 0u) { cosines[line] = cosine; }`;
  return {
    name: `row-cosines${gradient ? '-gradient' : ''}-${name}-${unit}`,
    buffers: {
      u: `read ${unit}`,
      v: `read ${unit}`,
      ...(gradient
        ? { dy: 'read f32' as const, du: `write ${unit}` as const, dv: `write ${unit}` as const }
        : { cosines: 'write f32' as const }),
    },
    uniforms: { rows: 'u32', columns: 'u32' },
    code: `${innerWgsl(unit)}
${inverseLengthWgsl}
${head}
  if (line >= uniforms.rows) { return; }
  let start = line * uniforms.columns;
  let end = start + uniforms.columns;
  var uu = 0.0;
  var vv = 0.0;
  var uv = 0.0;
  for (var k = start + lane; k < end; k += lanes) {
    uu += inner(u[k], u[k]);
    vv += inner(v[k], v[k]);
    uv += inner(u[k], v[k]);
  }
  ${reduce('uu', sum)}
  ${reduce('vv', sum)}
  ${reduce('uv', sum)}
  let a = inverse_length(uu);
  let b = inverse_length(vv);
  let cosine = uv * a * b;${result}
}`,
  };
}

defineGpuKernel(forward, (gpu, [u, v]) => {
  const [rows, width] = u!.shape as [number, number];
  const [unit, columns] = [unitOf(width), unitsOf(width)];
  const cosines = gpu.create([rows]);
  const groups = grid(lineThreads(gpu.software).groups(rows));
  gpu.run(program(unit, gpu.software, false), { u: u!, v: v!, cosines }, { rows, columns }, groups);
  return [cosines];
});

defineGpuKernel(backward, (gpu, [u, v, dy]) => {
  const [rows, width] = u!.shape as [number, number];
  const [unit, columns] = [unitOf(width), unitsOf(width)];
  const [du, dv] = [gpu.create(u!.shape), gpu.create(v!.shape)];
  const groups = grid(lineThreads(gpu.software).groups(rows));
  gpu.run(program(unit, gpu.software, true), { u: u!, v: v!, dy: dy!, du, dv }, { rows, columns }, groups);
  return [du, dv];
});

/**
 * @param u `[rows, width]`
 * @param v `[rows, width]`
 * @returns `[rows]`, −1 … 1
 */
export function rowCosines(u: tf.Tensor2D, v: tf.Tensor2D): tf.Tensor1D {
  if (!hasKernel(forward)) return rowCosinesReference(u, v);
  const op = tf.customGrad((...args) => {
    const [left, right, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([left, right]);
    return {
      value: runKernel(forward, [left, right])[0]!,
      gradFunc: (dy, saved) => runKernel(backward, [...(saved as tf.Tensor[]), dy as tf.Tensor]),
    };
  });
  return op(u, v) as tf.Tensor1D;
}
