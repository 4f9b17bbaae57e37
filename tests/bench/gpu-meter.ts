/**
 * Counts what a page asks of WebGPU, by wrapping the interfaces' prototypes: dispatches, bytes held in buffers, and
 * errors that nobody caught.
 */

type Held = { live: number; peak: number };

const bytes = new WeakMap<GPUDevice, Held>();
let dispatched = 0;
let fault: string | null = null;

function heldBy(device: GPUDevice): Held {
  const known = bytes.get(device);
  if (known) return known;
  const held = { live: 0, peak: 0 };
  bytes.set(device, held);
  return held;
}

/** Begins to count; once, before any device is made. The classes lie in the global scope, as in browsers. */
export function startGpuMeter(): void {
  const pass = GPUComputePassEncoder.prototype;
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = pass;
  pass.dispatchWorkgroups = function (x, y, z) {
    dispatched++;
    return dispatchWorkgroups.call(this, x, y, z);
  };
  pass.dispatchWorkgroupsIndirect = function (buffer, offset) {
    dispatched++;
    return dispatchWorkgroupsIndirect.call(this, buffer, offset);
  };

  const adapter = GPUAdapter.prototype;
  const { requestDevice } = adapter;
  adapter.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    device.addEventListener('uncapturederror', ({ error }) => {
      fault ??= error.message;
    });
    return device;
  };

  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const held = heldBy(this);
    const buffer = createBuffer.call(this, descriptor);
    held.live += descriptor.size;
    held.peak = Math.max(held.peak, held.live);
    const destroy = buffer.destroy.bind(buffer);
    let destroyed = false;
    buffer.destroy = () => {
      if (!destroyed) held.live -= descriptor.size;
      destroyed = true;
      return destroy();
    };
    return buffer;
  };
}

/** Dispatches of all devices since the start. */
export function dispatches(): number {
  return dispatched;
}

/** Most bytes `device` has held at once since {@link forgetPeak}. */
export function peakBytes(device: GPUDevice): number {
  return heldBy(device).peak;
}

/** Begins a new peak at what is held now. */
export function forgetPeak(device: GPUDevice): void {
  const held = heldBy(device);
  held.peak = held.live;
}

/** The first error of any device since the last call, and forgets it. */
export function takeGpuFault(): string | null {
  const found = fault;
  fault = null;
  return found;
}
