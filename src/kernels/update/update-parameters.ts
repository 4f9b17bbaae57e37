/**
 * Clipping by the global norm and the optimiser's step over all parameters at once, in place, in two dispatches for each
 * chunk of the arena they lie in (the multi-tensor idea of NVIDIA's Apex):
 *   1. partial sums of Σ g²;   2. s = min(1, limit / (√Σ g² + 10⁻⁶)), g ← s · g, and with t the step and lr its rate
 *   adamw:  m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  p ← p · (1 − lr · decay) − lr · (m / c₁) / (√(v / c₂) + ε)
 *   adam:   g ← g + decay · p, then as adamw without its decay        (c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ)
 *   sgd:    m ← μ m + g + decay · p;  p ← p − lr · m.
 * Where loss or norm is not finite nothing changes, and nothing changes afterwards until the journal is cleared. Gradients
 * with a loss scale are divided by it; where their norm is not finite adjustLossScale says how it goes on, and t counts the
 * updates that were done.
 */
import type * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import type { Program } from '../device/program.ts';
import { finiteWgsl, type Journal, journalWords } from './step-journal.ts';
import { head, onGpu, onSoftware, partialsOfChunk, type Threads } from './update-threads.ts';

/** Floats that share a learning rate and decay; a parameter's place is a multiple of it. */
export const blockFloats = 256;

/** A piece of the arena, small enough to be bound: flat float32 buffers of one length. */
export type Chunk = {
  /** A multiple of {@link blockFloats}. */
  floats: number;
  parameters: GPUBufferBinding;
  gradients: GPUBufferBinding;
  /** Momentum of SGD, first moment of the others. */
  m: GPUBufferBinding;
  /** Second moment; not of SGD. */
  v: GPUBufferBinding | null;
  /** Two floats a block: what the learning rate is multiplied by, 0 for blocks that stay as they are; and the decay. */
  groups: GPUBufferBinding;
};

export type UpdateRule = {
  kind: 'adamw' | 'adam' | 'sgd';
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Of SGD. */
  momentum: number;
  /** Largest norm of all gradients together, > 0. */
  maxGradNorm: number;
  /** Whether the gradients have a loss scale. */
  scaled: boolean;
};

function squaresProgram(threads: Threads): Program {
  const place = threads === onGpu ? 'group.x' : 'thread.x';
  return {
    name: `sum-gradient-squares-${threads.name}`,
    buffers: { gradients: 'read vec4f', groups: 'read vec2f', partials: 'write f32' },
    uniforms: { vectors: 'u32', first: 'u32' },
    code: `${head(threads)}
  var sum = vec4f();
  for (var i = thread.x; i < uniforms.vectors; i += threads) {
    if (groups[i / ${blockFloats / 4}u].x != 0.0) { sum += gradients[i] * gradients[i]; }
  }
  ${threads.add('dot(sum, vec4f(1.0))')}
  ${threads === onGpu ? 'if (local.x == 0u) {' : '{'} partials[uniforms.first + ${place}] = total; }
}`,
  };
}

const moveByMoments = (decay: string) => `
    let mean = uniforms.beta1 * m[i] + uniforms.rest1 * g;
    let square = uniforms.beta2 * v[i] + uniforms.rest2 * g * g;
    m[i] = mean;
    v[i] = square;
    parameters[i] = p${decay} - rate * inverse1 * mean / (sqrt(square * inverse2) + uniforms.epsilon);`;

const moves: Record<UpdateRule['kind'], string> = {
  // Rows of a vocabulary that no text has used yet only decay: the same values, with one write instead of three.
  adamw: `
    let g = scale * gradients[i];
    if (all((g == vec4f()) & (m[i] == vec4f()) & (v[i] == vec4f()))) {
      parameters[i] = p * (1.0 - rate * group_of.y);
      continue;
    }${moveByMoments(' * (1.0 - rate * group_of.y)')}`,
  adam: `
    let g = scale * gradients[i] + group_of.y * p;${moveByMoments('')}`,
  sgd: `
    let moved = uniforms.momentum * m[i] + scale * gradients[i] + group_of.y * p;
    m[i] = moved;
    parameters[i] = p - rate * moved;`,
};

/** 1 / (1 − βᵗ), where t does not count updates that were left out. */
const correctionWgsl = (power: number, beta: string) =>
  `1.0 / (1.0 - bitcast<f32>(journal[${power}]) * uniforms.${beta})`;

function updateProgram(kind: UpdateRule['kind'], threads: Threads, scaled: boolean): Program {
  const { step, failed, ring, entry, lossScale, power1, power2 } = journalWords;
  const counted = scaled && kind !== 'sgd';
  const start = threads === onGpu ? 'local.x' : '0u';
  return {
    name: `update-parameters-${kind}-${threads.name}${scaled ? '-scaled' : ''}`,
    buffers: {
      parameters: 'write vec4f',
      gradients: 'read vec4f',
      m: 'write vec4f',
      ...(kind === 'sgd' ? {} : { v: 'write vec4f' as const }),
      groups: 'read vec2f',
      partials: 'read vec4f',
      loss: 'read f32',
      journal: 'write u32',
    },
    uniforms: {
      vectors: 'u32',
      partial_vectors: 'u32',
      capacity: 'u32',
      limit: 'f32',
      ...(kind === 'sgd'
        ? { momentum: 'f32' }
        : { beta1: 'f32', rest1: 'f32', beta2: 'f32', rest2: 'f32', epsilon: 'f32' }),
    },
    code: `${head(threads)}
  var sum = vec4f();
  for (var k = ${start}; k < uniforms.partial_vectors; k += ${threads === onGpu ? threads.groupSize : 1}u) {
    sum += partials[k];
  }
  ${threads.add('dot(sum, vec4f(1.0))')}
  ${scaled ? `let loss_scale = bitcast<f32>(journal[${lossScale}]);` : ''}
  let norm = sqrt(total)${scaled ? ' / loss_scale' : ''};
  let finite = ${finiteWgsl('total')} && ${finiteWgsl('loss[0]')};
  let stopped = journal[${failed}] != 0u;
  let step = journal[${step}];
  let step_rate = bitcast<f32>(journal[${step + 1}]);
  let inverse1 = ${counted ? correctionWgsl(power1, 'beta1') : `bitcast<f32>(journal[${step + 2}])`};
  let inverse2 = ${counted ? correctionWgsl(power2, 'beta2') : `bitcast<f32>(journal[${step + 3}])`};
  if (thread.x == 0u) {
    let slot = ${ring}u + ${entry}u * (step % uniforms.capacity);
    journal[slot] = bitcast<u32>(loss[0]);
    journal[slot + 1u] = bitcast<u32>(norm);
    ${scaled ? 'journal[slot + 2u] = bitcast<u32>(loss_scale);' : ''}
    // Other threads may or may not see this; that the figures are not finite they see for themselves.
    if (!${scaled ? `(${finiteWgsl('loss[0]')})` : 'finite'} && !stopped) { journal[${failed}] = step; }
  }
  if (!finite || stopped) { return; }
  let scale = min(1.0, uniforms.limit / (norm + 1e-6))${scaled ? ' / loss_scale' : ''};
  for (var i = thread.x; i < uniforms.vectors; i += threads) {
    let group_of = groups[i / ${blockFloats / 4}u];
    if (group_of.x == 0.0) { continue; }
    let rate = step_rate * group_of.x;
    let p = parameters[i];${moves[kind]}
  }
}`,
  };
}

const updatesFor = (threads: Threads, scaled: boolean) => ({
  adamw: updateProgram('adamw', threads, scaled),
  adam: updateProgram('adam', threads, scaled),
  sgd: updateProgram('sgd', threads, scaled),
});

const programsFor = (threads: Threads) => ({
  squares: squaresProgram(threads),
  plain: updatesFor(threads, false),
  scaled: updatesFor(threads, true),
});

const gpuPrograms = programsFor(onGpu);
const softwarePrograms = programsFor(onSoftware);

/**
 * The first dispatch: {@link partialsOfChunk} partial sums of the squares of a chunk's gradients; blocks of rate 0 do not
 * count.
 * @param partials the sums of all chunks, `partialsOfChunk` floats each
 * @param index which chunk it is: 0, 1, …
 * @param software whether the device computes in software
 */
export function sumGradientSquares(
  gpu: Dispatcher,
  { floats, gradients, groups }: Chunk,
  partials: GPUBufferBinding,
  index: number,
  software: boolean,
): void {
  const uniforms = { vectors: floats / 4, first: index * partialsOfChunk };
  const groupCount = software ? onSoftware.most : partialsOfChunk;
  gpu.run((software ? softwarePrograms : gpuPrograms).squares, { gradients, groups, partials }, uniforms, [
    groupCount,
    1,
    1,
  ]);
}

/**
 * The second dispatch, after the first one of every chunk. Also writes loss and norm before clipping into the journal.
 * @param inputs the partial sums of all `chunks` chunks, and the loss, one float
 * @param journal the step's scalars are in it
 */
export function updateParameters(
  gpu: Dispatcher,
  { floats, v, ...buffers }: Chunk,
  inputs: { partials: GPUBufferBinding; chunks: number; loss: tf.TensorInfo | GPUBufferBinding },
  journal: Journal,
  rule: UpdateRule,
  software: boolean,
): void {
  const threads = software ? onSoftware : onGpu;
  const { kind, beta1, beta2, epsilon, momentum, maxGradNorm } = rule;
  const vectors = floats / 4;
  const bound = { ...buffers, partials: inputs.partials, loss: inputs.loss, journal: { buffer: journal.buffer } };
  const uniforms = {
    vectors,
    partial_vectors: (inputs.chunks * partialsOfChunk) / 4,
    capacity: journal.capacity,
    limit: maxGradNorm,
    momentum,
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    epsilon,
  };
  const groupCount = Math.min(threads.most, Math.ceil(vectors / threads.groupSize));
  const programs = (software ? softwarePrograms : gpuPrograms)[rule.scaled ? 'scaled' : 'plain'];
  gpu.run(programs[kind], v ? { ...bound, v } : bound, uniforms, [groupCount, 1, 1]);
}
