/**
 * Pooling of packed sentences on WebGPU, x `[tokens, width]` → y `[rows, width]` and its gradient, one dispatch each. An
 * invocation has one sentence and four columns (one, where the width is no multiple of 4) and goes over the tokens.
 * The gradient of tokens that belong to no sentence is 0. x and its gradient may be halves; y is floats.
 */

import { flatGroups, flatMain, type Program } from './device/program.ts';
import { cellOf, loaded, type Storage, storageSuffix, stored } from './device/storage.ts';
import { type Unit, unitOf, unitsOf } from './device/units.ts';
import { defineGpuKernel } from './device/webgpu.ts';
import type { SentencePooling } from './pool-sentences.ts';

type Attributes = { tokens: number; pooling: SentencePooling; storage: Storage };

const groupSize = 64;

/** Token numbers of a unit's columns. */
const integerOf = (unit: Unit): string => (unit === 'vec4f' ? 'vec4u' : 'u32');

/** What the sum of the tokens' values is multiplied by. */
const factors: Record<Exclude<SentencePooling, 'max'>, string> = {
  mean: '1.0 / f32(max(end - start, 1u))',
  mean_sqrt_len: 'inverseSqrt(f32(max(end - start, 1u)))',
  first: '1.0',
};

const head = `${flatMain(groupSize, 'index')}
  let row = index / uniforms.columns;
  let column = index % uniforms.columns;`;

const sentence = `
  let start = u32(starts[row]);
  let end = u32(starts[row + 1u]);`;

/** The largest value of the sentence in `best`, its first token in `at`. */
const findLargest = (unit: Unit, storage: Storage) => `
  var best = ${loaded('x[start * uniforms.columns + column]', storage)};
  var at = ${integerOf(unit)}(start);
  for (var token = start + 1u; token < end; token++) {
    let value = ${loaded('x[token * uniforms.columns + column]', storage)};
    at = select(at, ${integerOf(unit)}(token), value > best);
    best = max(best, value);
  }`;

function forwardProgram(pooling: SentencePooling, unit: Unit, storage: Storage): Program {
  const ofToken = loaded('x[token * uniforms.columns + column]', storage);
  const sum = (last: string, factor: string) => `
  var sum = ${unit}();
  for (var token = start; token < ${last}; token++) { sum += ${ofToken}; }
  y[index] = sum * ${factor};`;
  return {
    name: `pool-${pooling}-${unit}${storageSuffix(storage)}`,
    buffers: { x: `read ${cellOf(unit, storage)}`, starts: 'read i32', y: `write ${unit}` },
    uniforms: { rows: 'u32', columns: 'u32' },
    code: `${head}
  if (row >= uniforms.rows) { return; }${sentence}${
    pooling === 'max'
      ? `${findLargest(unit, storage)}
  y[index] = best;`
      : sum(pooling === 'first' ? 'start + 1u' : 'end', `(${factors[pooling]})`)
  }
}`,
  };
}

function gradientProgram(pooling: SentencePooling, unit: Unit, storage: Storage): Program {
  const cell = cellOf(unit, storage);
  const ofToken = {
    mean: 'slope',
    mean_sqrt_len: 'slope',
    first: `select(${unit}(), slope, token == start)`,
    max: `select(${unit}(), slope, ${integerOf(unit)}(token) == at)`,
  };
  const slope = stored(ofToken[pooling], storage);
  return {
    name: `pool-gradient-${pooling}-${unit}${storageSuffix(storage)}`,
    buffers: {
      dy: `read ${unit}`,
      starts: 'read i32',
      ...(pooling === 'max' ? { x: `read ${cell}` as const } : {}),
      dx: `write ${cell}`,
    },
    uniforms: { rows: 'u32', columns: 'u32', tokens: 'u32' },
    // After the sentences comes an invocation for each token, for those beyond the last sentence.
    code: `${head}
  if (row >= uniforms.rows) {
    let token = row - uniforms.rows;
    if (token >= u32(starts[uniforms.rows]) && token < uniforms.tokens) {
      dx[token * uniforms.columns + column] = ${stored(`${unit}()`, storage)};
    }
    return;
  }${sentence}${pooling === 'max' ? findLargest(unit, storage) : ''}
  let slope = dy[index]${pooling === 'max' ? '' : ` * (${factors[pooling]})`};
  for (var token = start; token < end; token++) { dx[token * uniforms.columns + column] = ${slope}; }
}`,
  };
}

defineGpuKernel<Attributes>('EmbedsmithPoolSentences', (gpu, [x, starts], { pooling }) => {
  const width = x!.shape[1]!;
  const rows = starts!.shape[0]! - 1;
  const columns = unitsOf(width);
  const y = gpu.create([rows, width]);
  const groups = flatGroups(groupSize, rows * columns);
  gpu.run(
    forwardProgram(pooling, unitOf(width), gpu.storageOf(x!)),
    { x: x!, starts: starts!, y },
    { rows, columns },
    groups,
  );
  return [y];
});

// Of x only the maximum has need.
defineGpuKernel<Attributes>('EmbedsmithPoolSentencesGradient', (gpu, [dy, starts, x], { tokens, pooling, storage }) => {
  const [rows, width] = dy!.shape as [number, number];
  const columns = unitsOf(width);
  const dx = gpu.create([tokens, width], storage);
  const groups = flatGroups(groupSize, (rows + tokens) * columns);
  const buffers = { dy: dy!, starts: starts!, ...(x ? { x } : {}), dx };
  gpu.run(gradientProgram(pooling, unitOf(width), storage), buffers, { rows, columns, tokens }, groups);
  return [dx];
});
