/**
 * Operations of several outputs that have a gradient of their own. tf.customGrad (tfjs 4.22.0) takes a single output only;
 * what it is made of takes several.
 */
import * as tf from '@tensorflow/tfjs';

type CustomGradients = {
  /** Computes the outputs; what it gives to `save` the gradient gets again. Nothing in it is on the tape. */
  forward: (save: (tensors: tf.Tensor[]) => void) => tf.Tensor[];
  /** The gradients of the inputs from those of the outputs (zeros for outputs that are not used); what is not asked for is not taken. */
  backward: (dys: tf.Tensor[], saved: tf.Tensor[]) => (() => tf.Tensor)[];
};

/** @returns the outputs of `forward`, whose gradients to `inputs` are those of `backward` */
export function withGradients(inputs: readonly tf.Tensor[], { forward, backward }: CustomGradients): tf.Tensor[] {
  const engine = tf.engine();
  // Private in its types.
  const runKernelFunc: (operation: unknown) => tf.Tensor[] = Reflect.get(engine, 'runKernelFunc').bind(engine);
  return runKernelFunc({
    inputs: { ...inputs },
    forwardFunc: (_: unknown, save: (tensors: tf.Tensor[]) => void) => forward(save),
    backwardsFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => ({
      ...backward(Array.isArray(dy) ? dy : [dy], saved),
    }),
  });
}
