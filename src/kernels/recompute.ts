/**
 * Activation recomputation (gradient checkpointing: Chen et al. 2016, https://arxiv.org/abs/1604.06174): of a part of a
 * model only the input is kept, and backward runs the part again before it takes its gradients.
 */
import * as tf from '@tensorflow/tfjs';
import { leanBackward } from './lean-backward.ts';

/**
 * @param body from its argument and `parameters`, which it must use all, to the part's output; the same each time it runs
 * @returns `body(x)`
 */
export function recomputed<T extends tf.Tensor>(body: (x: T) => T, x: T, parameters: readonly tf.Tensor[]): T {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    save([x]);
    return {
      value: body(x),
      gradFunc: (dy, saved) => {
        const inputs = [...(saved as tf.Tensor[]), ...parameters];
        const gradients = tf.grads((again) => body(again as T));
        return tf.tidy(() => leanBackward(() => gradients(inputs, tf.clone(dy as tf.Tensor))));
      },
    };
  });
  return op(x, ...parameters) as T;
}
