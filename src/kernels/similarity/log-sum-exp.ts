/**
 * log Σ exp(x) along an axis, with the gradient dx = dy · exp(x − log Σ exp(x)): one pass, where tfjs takes it through the
 * maximum that it subtracts for safety.
 */
import * as tf from '@tensorflow/tfjs';

/** @returns the shape of `x` without `axis` */
export function logSumExp(x: tf.Tensor, axis: number): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const value = tf.logSumExp(input, axis, true);
    save([input, value]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [values, sums] = saved as [tf.Tensor, tf.Tensor];
        return tf.mul(tf.exp(tf.sub(values, sums)), dy as tf.Tensor);
      },
    };
  });
  return tf.squeeze(op(x), [axis]);
}
