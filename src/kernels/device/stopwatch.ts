/** How long programs take together: on the device's clock where it has one, else on ours. */
import type { Dispatcher } from './dispatch.ts';
import { readTimes } from './kernel-times.ts';

/**
 * Milliseconds that the device works on what `body` runs: programs of ours alone, fewer than a page of uniforms holds
 * (1,000). Browsers round the device's clock to 0.1 ms.
 * @param probe part of a buffer, whose read says that all is done where there is no clock
 * @throws Error where the device reports an error; it is no fault of the run's then
 */
export async function timeOnDevice(gpu: Dispatcher, body: () => void, probe: GPUBufferBinding): Promise<number> {
  const { backend, device } = gpu;
  gpu.submit();
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let time: Promise<number>;
  let errors: Promise<GPUError | null>[];
  try {
    if (device.features.has('timestamp-query')) {
      const query = device.createQuerySet({ type: 'timestamp', count: 2 });
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      backend.computePassEncoder = backend.commandEncoder!.beginComputePass({
        timestampWrites: { querySet: query, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
      });
      body();
      gpu.submit();
      time = readTimes(device, [{ name: '', query }]).then(([found]) => found!.nanoseconds / 1e6);
    } else {
      const start = performance.now();
      body();
      time = gpu.read(probe).then(() => performance.now() - start);
    }
  } finally {
    errors = [device.popErrorScope(), device.popErrorScope()];
  }
  const [milliseconds, ...found] = await Promise.all([time, ...errors]);
  for (const error of found) if (error) throw new Error(error.message);
  return milliseconds;
}
