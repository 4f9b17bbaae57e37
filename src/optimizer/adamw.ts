/** AdamW (Loshchilov & Hutter 2019, as torch.optim.AdamW): Adam with decay apart from the gradient. */
import { updateAdamW } from '../kernels/update/adamw-update.ts';
import type { Rule } from './optimizer.ts';

export const beta1 = 0.9;
export const beta2 = 0.999;
export const epsilon = 1e-8;

export const adamw: Rule = {
  slots: 2,
  update(parameter, gradient, [m, v], { learningRate, weightDecay, gradientScale, step }) {
    updateAdamW(parameter, gradient, m!, v!, {
      learningRate,
      beta1,
      beta2,
      epsilon,
      weightDecay,
      correction1: 1 - beta1 ** step,
      correction2: 1 - beta2 ** step,
      gradientScale,
    });
  },
};
