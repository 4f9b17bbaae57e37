/** How long kernels take on the device, by timestamp queries. */

export type KernelTime = { name: string; nanoseconds: number };

/** A kernel that ran, with the query that holds when it began and ended. */
export type TimedKernel = { name: string; query: GPUQuerySet };

/** Where queries resolve to: a multiple of 256 bytes each. */
const stride = 256;

/** Reads the times once the kernels are done, and gives the queries up. */
export async function readTimes(device: GPUDevice, kernels: readonly TimedKernel[]): Promise<KernelTime[]> {
  const size = Math.max(1, kernels.length) * stride;
  const resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  for (const [i, { query }] of kernels.entries()) encoder.resolveQuerySet(query, 0, 2, resolved, i * stride);
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const values = new BigUint64Array(staging.getMappedRange().slice(0));
  for (const { query } of kernels) query.destroy();
  resolved.destroy();
  staging.destroy();
  const words = stride / 8;
  return kernels.map(({ name }, i) => ({ name, nanoseconds: Number(values[i * words + 1]! - values[i * words]!) }));
}
