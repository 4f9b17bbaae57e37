/** What LayerNorm's gradients on WASM (norm-gradient-simd.ts) end with. */
import type { Simd } from '../wasm/simd-module.ts';

/** Adds up what the parts of a kernel have left in `strips` `[parts, 2, width]`: the gradients of weight and bias. */
export function addStrips(
  simd: Simd,
  strips: number,
  parts: number,
  width: number,
  dweight: number,
  dbias: number,
): void {
  simd.run('addStrips', 1, strips, 2 * width, parts, dweight, width);
  simd.run('addStrips', 1, strips + 4 * width, 2 * width, parts, dbias, width);
}
