/**
 * The SIMD kernels of the WASM backend, a module of our own over tfjs's heap, in AssemblyScript, which is a strict
 * TypeScript that compiles to WebAssembly (src/cli/build-simd.js). Pointers are addresses in bytes. Every kernel computes
 * part number `part` of `parts` of its work; parts may run at the same time, and what they compute does not depend on who runs them. (Its compiler takes no `.ts` in an `export … from`.)
 */
export { attention, attentionGradient } from '../attention/attention-simd';
export { dropout } from '../dropout-simd';
export { gelu, geluSlope } from '../linear/gelu-simd';
export { clear, gatherRows, scatterRows } from '../norm/embed-simd';
export { addLayerNormGradient, addStrips, layerNormDropoutGradient } from '../norm/norm-gradient-simd';
export { addLayerNorm, layerNormDropout } from '../norm/norm-simd';
export { adamW, sumOfSquares } from '../update/update-simd';
export { matMul, packPanels, sumColumns } from './mat-mul-simd';
