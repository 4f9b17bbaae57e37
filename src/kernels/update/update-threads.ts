/** How the programs of clipping and update share their work among threads. */

/** Partial sums of a chunk. */
export const partialsOfChunk = 512;

/**
 * How the threads share the work. A GPU wants many, which sum up in shared memory; on a software adapter barriers are
 * slow, and as many threads as partial sums are plenty.
 */
export type Threads = {
  name: string;
  groupSize: number;
  most: number;
  declare: string;
  add: (partial: string) => string;
};

export const onGpu: Threads = {
  name: 'shared',
  groupSize: 256,
  most: 2048,
  declare: 'var<workgroup> shared_sums : array<f32, 256>;',
  // Leaves the sum over the workgroup in shared_sums[0].
  add: (partial) => `
    shared_sums[local.x] = ${partial};
    for (var half = 128u; half > 0u; half = half >> 1u) {
      workgroupBarrier();
      if (local.x < half) { shared_sums[local.x] += shared_sums[local.x + half]; }
    }
    workgroupBarrier();
    let total = shared_sums[0];`,
};

export const onSoftware: Threads = {
  name: 'alone',
  groupSize: 64,
  most: partialsOfChunk / 64,
  declare: '',
  add: (partial) => `let total = ${partial};`,
};

/** The beginning of the entry point, up to its first statement. */
export const head = ({ groupSize, declare }: Threads) => `${declare}
@compute @workgroup_size(${groupSize}) fn main(
  @builtin(global_invocation_id) thread : vec3u, @builtin(local_invocation_id) local : vec3u,
  @builtin(workgroup_id) group : vec3u, @builtin(num_workgroups) groups_run : vec3u) {
  let threads = groups_run.x * ${groupSize}u;`;
