/** WGSL for programs that reduce rows: how they read a row, and how the threads of a workgroup share one. */
import { flatMain, mainWgsl } from '../device/program.ts';
import type { Unit } from '../device/units.ts';

/** Shortest length that rows are divided by, as torch.nn.functional.normalize has it. */
export const shortest = 1e-12;

/** `inner(a, b)`: the inner product of two units. */
export const innerWgsl = (unit: Unit): string =>
  `fn inner(a : ${unit}, b : ${unit}) -> f32 { return ${unit === 'f32' ? 'a * b' : 'dot(a, b)'}; }`;

/** 1 / max(√squares, {@link shortest}): `inverse_length(squares)`. */
export const inverseLengthWgsl = `fn inverse_length(squares : f32) -> f32 { return 1.0 / max(sqrt(squares), ${shortest}); }`;

/**
 * How a line of values is shared: a workgroup of 64 has one on a GPU; on software adapters, where barriers are slow, a
 * single invocation has it. `line`, `lane` and `lanes` are what the code sees; `reduce(name, operation)` makes of each lane's
 * variable the one of all.
 */
export type LineThreads = {
  name: string;
  /** Workgroups for so many lines. */
  groups: (lines: number) => number;
  head: string;
  reduce: (variable: string, operation: (a: string, b: string) => string) => string;
};

const workgroupHasLine: LineThreads = {
  name: 'workgroup',
  groups: (lines) => lines,
  head: `var<workgroup> shared_values : array<f32, 64>;
${mainWgsl(64)}
  let line = flat_group(group, groups);
  let lane = local;
  const lanes = 64u;`,
  reduce: (variable, operation) => `
  workgroupBarrier();
  shared_values[lane] = ${variable};
  for (var half = 32u; half > 0u; half = half >> 1u) {
    workgroupBarrier();
    if (lane < half) { shared_values[lane] = ${operation('shared_values[lane]', 'shared_values[lane + half]')}; }
  }
  workgroupBarrier();
  ${variable} = shared_values[0];`,
};

const invocationHasLine: LineThreads = {
  name: 'invocation',
  groups: (lines) => Math.ceil(lines / 64),
  head: `${flatMain(64, 'line')}
  const lane = 0u;
  const lanes = 1u;`,
  reduce: () => '',
};

export const lineThreads = (software: boolean): LineThreads => (software ? invocationHasLine : workgroupHasLine);
