/**
 * Starts tfjs on a device of our own making: WebGPU on a hardware adapter, otherwise WASM, and says which and why.
 * tfjs's own start-up is not used, because it falls back to another backend silently.
 */
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { addDispatcher } from './device/webgpu.ts';
import { startWasm, type WasmBuilds } from './wasm/wasm-backend.ts';

export type StartedBackend = {
  name: 'webgpu' | 'wasm';
  adapter: string;
  software: boolean;
  reason: 'hardware-adapter' | 'forced' | 'no-webgpu' | 'no-adapter' | 'software-adapter';
  /** Threads that compute; null on WebGPU. */
  threads: number | null;
  /** The first validation error, loss of the device or lack of memory, if there was one; every step asks. */
  fault: () => { kind: 'error' | 'lost' | 'memory'; reason: string } | null;
};

const features: GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/** The limits a device is asked for in full; the default ones are far below what adapters offer. */
const limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;

const softwareNames = /swiftshader|llvmpipe|softpipe|basic render|warp/i;

/** The adapter in words, and whether it computes in software. */
function describeAdapter({ info }: GPUAdapter): { adapter: string; software: boolean } {
  const adapter = [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ');
  return { adapter, software: info.isFallbackAdapter === true || softwareNames.test(adapter) };
}

/** Creates a device with all the adapter has and makes it tfjs's backend `webgpu`. */
async function startWebGPU(adapter: GPUAdapter, software: boolean): Promise<StartedBackend['fault']> {
  const device = await adapter.requestDevice({
    requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]])),
  });
  let fault: ReturnType<StartedBackend['fault']> = null;
  device.addEventListener('uncapturederror', ({ error }) => {
    fault ??= { kind: error instanceof GPUOutOfMemoryError ? 'memory' : 'error', reason: error.message };
  });
  device.lost.then(({ message, reason }) => {
    if (reason !== 'destroyed') fault ??= { kind: 'lost', reason: message || 'no reason given' };
  });
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  const backend = new WebGPUBackend(device, adapter.info);
  addDispatcher(backend, software);
  tf.registerBackend('webgpu', () => backend, 3);
  await tf.setBackend('webgpu');
  return () => fault;
}

/**
 * Starts the backend and makes it tfjs's current one.
 * @param wanted the one to force, or null for the best: a hardware WebGPU adapter, else WASM
 * @param builds of the WASM backend
 * @returns null where WebGPU is forced and there is none
 */
export async function startBackend(
  wanted: 'webgpu' | 'wasm' | null,
  builds: WasmBuilds,
): Promise<StartedBackend | null> {
  // Everything a step computes must be on the device: small inputs handed to the CPU would make results depend on size.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const gpu = wanted === 'wasm' ? undefined : globalThis.navigator?.gpu;
  const adapter = (await gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  const described = adapter ? describeAdapter(adapter) : { adapter: '', software: false };
  if (adapter && (wanted === 'webgpu' || !described.software)) {
    const fault = await startWebGPU(adapter, described.software);
    return { name: 'webgpu', ...described, reason: wanted ? 'forced' : 'hardware-adapter', threads: null, fault };
  }
  if (wanted === 'webgpu') return null;
  const { threads, memoryFault } = await startWasm(builds);
  const reason = wanted ? 'forced' : adapter ? 'software-adapter' : gpu ? 'no-adapter' : 'no-webgpu';
  const fault: StartedBackend['fault'] = () => {
    const full = memoryFault();
    return full === null ? null : { kind: 'memory', reason: full };
  };
  return { name: 'wasm', ...described, reason, threads, fault };
}
