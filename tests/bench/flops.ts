/**
 * Floating-point operations of a training step, as model FLOPs are usually counted (Kaplan et al. 2020, appendix of PaLM):
 * of the matrix products alone, for real tokens alone; two a multiply-add, one pass forward and two backward.
 */
import { type ModelName, models } from './models.ts';

/** Parameters that take part in a product for every token: per layer 4 · hidden² of attention, 2 · hidden · intermediate. */
export function matmulParameters(name: ModelName): number {
  const { layers, hidden, intermediate } = models[name];
  return layers * (4 * hidden * hidden + 2 * hidden * intermediate);
}

/**
 * Of one batch, or of several added up.
 *   6 · matmulParameters · tokens  +  12 · layers · hidden · Σ length²  (Q·Kᵀ and P·V)  +  6 · pairs² · hidden (similarities)
 * @param lengths real tokens of each sentence; anchors and positives together
 * @param pairs of one batch
 */
export function stepFlops(name: ModelName, lengths: readonly number[], pairs: number): number {
  const { layers, hidden } = models[name];
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const squares = lengths.reduce((sum, length) => sum + length * length, 0);
  const similarities = (lengths.length / 2) * pairs;
  return 6 * matmulParameters(name) * tokens + 12 * layers * hidden * squares + 6 * similarities * hidden;
}
