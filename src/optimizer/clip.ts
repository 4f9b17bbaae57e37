/** Clipping by the global norm, as torch.nn.utils.clip_grad_norm_. */

/**
 * What to multiply every gradient by so that their common norm is at most `limit`.
 * @param norm Euclidean length of all gradients together
 */
export function clipScale(norm: number, limit: number): number {
  return Math.min(1, limit / (norm + 1e-6));
}
