/** The rules of torch.optim in float64 over flat buffers, and the norm that gradients are clipped by. */
import type { UpdateRule } from '../../src/kernels/update/update-parameters.ts';

export type State = { p: Float32Array<ArrayBuffer>; m: Float32Array<ArrayBuffer>; v: Float32Array<ArrayBuffer> };
/** Of a block of 256: what multiplies its learning rate, and its weight decay. */
export type Group = [rate: number, decay: number];

/** Norm of the gradients of the blocks that move. */
export const normOf = (gradients: Float32Array[], groups: Group[][]): number =>
  Math.sqrt(
    gradients.reduce((sum, g, c) => sum + g.reduce((s, x, i) => s + (groups[c]![i >> 8]![0] === 0 ? 0 : x * x), 0), 0),
  );

/** A step with learning rate `lr` whose gradients have this norm. */
export function expectedState(
  { p, m, v }: State,
  g: Float32Array,
  groups: Group[],
  r: UpdateRule,
  step: number,
  lr: number,
  norm: number,
): State {
  const next = { p: p.slice(), m: m.slice(), v: v.slice() };
  const scale = Math.min(1, r.maxGradNorm / (norm + 1e-6));
  for (let i = 0; i < p.length; i++) {
    const [multiplier, decay] = groups[i >> 8]!;
    if (multiplier === 0) continue;
    const rate = lr * multiplier;
    const gradient = scale * g[i]! + (r.kind === 'adamw' ? 0 : decay * p[i]!);
    if (r.kind === 'sgd') {
      const moved = r.momentum * m[i]! + gradient;
      next.m[i] = moved;
      next.p[i] = p[i]! - rate * moved;
      continue;
    }
    const mean = r.beta1 * m[i]! + (1 - r.beta1) * gradient;
    const square = r.beta2 * v[i]! + (1 - r.beta2) * gradient ** 2;
    next.m[i] = mean;
    next.v[i] = square;
    const direction = mean / (1 - r.beta1 ** step) / (Math.sqrt(square / (1 - r.beta2 ** step)) + r.epsilon);
    next.p[i] = p[i]! * (1 - (r.kind === 'adamw' ? rate * decay : 0)) - rate * direction;
  }
  return next;
}
