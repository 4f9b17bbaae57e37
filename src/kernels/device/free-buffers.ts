/**
 * The buffers that tfjs's WebGPU backend (4.22.0) keeps for tensors to come. It gives none back, and only uses one again for
 * exactly its size, so that each length of a packed batch would leave buffers of its own behind.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

type Manager = WebGPUBackend['bufferManager'];

/** Bytes of the buffers that no tensor uses. */
const freeBytes = ({ numBytesAllocated, numBytesUsed }: Manager): number => numBytesAllocated - numBytesUsed;

/** Destroys the free buffers where they take more than `keep` bytes. Every command that uses them must be submitted. */
export function destroyFreeBuffers(manager: Manager, keep: number): void {
  if (freeBytes(manager) <= keep) return;
  const free: unknown = Reflect.get(manager, 'freeBuffers'); // private in its types
  if (!(free instanceof Map)) return; // a recording's memory, which has none
  for (const buffers of free.values() as Iterable<GPUBuffer[]>) {
    for (const buffer of buffers.splice(0)) {
      manager.numBytesAllocated -= buffer.size;
      Reflect.set(manager, 'numFreeBuffers', manager.getNumFreeBuffers() - 1);
      buffer.destroy();
    }
  }
}
