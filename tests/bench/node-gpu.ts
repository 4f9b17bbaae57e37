/** WebGPU for the benchmark in Node: Dawn in the place where browsers have it, on a software driver where there is no GPU. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { create, globals } from 'webgpu';
import { vulkanEnvironment } from '../support/chrome.ts';

/**
 * Puts `navigator.gpu` and the classes of WebGPU in place. Where Dawn finds no adapter and Chromium's software driver is
 * installed, the program runs once more with that driver, and this process ends with its exit code.
 */
export async function offerGpu(): Promise<void> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (!(await gpu.requestAdapter())) runOnSoftwareDriver();
  // jax-js reads userAgent and hardwareConcurrency; Node 20 has no navigator.
  const navigator = { userAgent: 'Node', hardwareConcurrency: availableParallelism(), gpu };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

function runOnSoftwareDriver(): void {
  const software = vulkanEnvironment();
  if (!software.VK_ICD_FILENAMES || process.env.VK_ICD_FILENAMES) return;
  const [node, ...args] = process.argv;
  const env = { ...process.env, ...software };
  const { status } = spawnSync(node!, [...process.execArgv, ...args], { stdio: 'inherit', env });
  process.exit(status ?? 1);
}
