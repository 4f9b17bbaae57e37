/** Compiles the SIMD kernels where a source has changed; throws where one has an error. */
export function buildSimd(): void;
