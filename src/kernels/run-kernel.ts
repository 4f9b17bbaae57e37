/** Runs kernels of ours, which wasm.ts and webgpu.ts register under their names, on the backend that is active. */
import * as tf from '@tensorflow/tfjs';

/** Whether the active backend has the kernel; without it the operation's reference runs. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/**
 * Runs a kernel of ours.
 * @param inputs passed on in this order
 * @returns its outputs
 */
export function runKernel(
  name: string,
  inputs: tf.Tensor[],
  attributes: Readonly<Record<string, unknown>> = {},
): tf.Tensor[] {
  const named = Object.fromEntries(inputs.map((input, i) => [`x${i}`, input]));
  const result = tf.engine().runKernel(name, named, attributes as tf.NamedAttrMap);
  return Array.isArray(result) ? result : [result];
}
