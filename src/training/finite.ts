/** What stops a run: a loss or a gradient that is not finite. */
import { fail } from '../contract/problems.ts';
import { isSkipped } from '../kernels/update/loss-scale.ts';
import type { StepResult } from './step.ts';

/** @throws ProblemError where the loss or the gradient is not a number, whatever its scale; nothing was updated then */
export function requireFinite(result: StepResult, step: number, learningRate: number): void {
  const { loss, gradNorm } = result;
  if ((Number.isFinite(loss) && Number.isFinite(gradNorm)) || isSkipped(result)) return;
  const infiniteGradient = { en: 'so steep that its gradient is infinite', zh: '梯度无穷大的值' };
  fail('loss-not-finite', { step, value: Number.isFinite(loss) ? infiniteGradient : String(loss), learningRate });
}
