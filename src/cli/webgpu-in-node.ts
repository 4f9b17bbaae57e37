/** WebGPU in Node through Dawn (npm `webgpu`): puts `navigator.gpu` in its place, as browsers have it. */
import { create, globals } from 'webgpu';

/**
 * On a machine without a GPU, `VK_ICD_FILENAMES` can name a software Vulkan driver (Chromium's `vk_swiftshader_icd.json`).
 * @throws Error where there is no adapter
 */
export async function offerDawn(): Promise<void> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (!(await gpu.requestAdapter())) {
    throw new Error(
      'No WebGPU adapter was found. Install a graphics driver (on Linux with Vulkan), or use --backend wasm.',
    );
  }
  Object.defineProperty(globalThis, 'navigator', { value: { ...globalThis.navigator, gpu }, configurable: true });
}
