/**
 * The feed-forward block of a transformer's layer (Vaswani et al. 2017): y = W₂ · f(W₁ · x + b₁) + b₂, f as a rule GELU.
 *
 * With GELU, of u = W₁ · x + b₁ and gelu(u) only u is kept. Backward, du = (dy · W₂) · gelu'(u) is one product, which leaves
 * gelu(u), that the gradient of W₂ needs, in the place of u. x is given again, as in linear.ts.
 */
import * as tf from '@tensorflow/tfjs';
import { withGradients } from '../custom-gradients.ts';
import { hasKernel, runKernel } from '../run-kernel.ts';
import { type Activation, activations } from './activation.ts';
import { inputGradient, linear, linearReference, linears, weightGradients } from './linear.ts';
import { geluGradientKernel, linearGeluKernel, linearsKernel } from './linear-kernels.ts';

/** Weight `[out, in]` and bias `[out]` of a linear layer. */
type Layer = [weight: tf.Tensor2D, bias: tf.Tensor1D];

/** The oracle, in stock operations; differentiable. */
export function feedForwardReference(x: tf.Tensor2D, first: Layer, second: Layer, activation: Activation): tf.Tensor2D {
  return linearReference(activations[activation](linearReference(x, ...first)), ...second);
}

function geluFeedForward(x: tf.Tensor2D, first: Layer, second: Layer): tf.Tensor[] {
  return withGradients([x, ...first, ...second], {
    forward(save) {
      const [g, u] = runKernel(linearGeluKernel, [x, ...first]);
      save([x, ...first, ...second, u!]);
      return [runKernel(linearsKernel, [g!, ...second])[0]!, tf.clone(x)];
    },
    backward([dy, passed], [input, w1, b1, w2, b2, u]) {
      const [du, g] = runKernel(geluGradientKernel, [dy!, w2!, u!]);
      const [dw2, db2] = weightGradients(g!, dy!, [w2!], [b2!]);
      const [dw1, db1] = weightGradients(input!, du!, [w1!], [b1!]);
      // Without dropout dy is the residual's gradient itself; it is needed no more.
      const holders = dy!.dataId === passed!.dataId ? 2 : 1;
      return [
        () => inputGradient(du!, [w1!], passed, holders),
        ...[dw1, db1, dw2, db2].map((gradient) => () => gradient!),
      ];
    },
  });
}

/**
 * @param x `[rows, in]`
 * @param first the layer that widens
 * @param second the layer that narrows again
 * @returns y, `[rows, out]`, and x, to be used instead of x from then on
 */
export function feedForward(
  x: tf.Tensor2D,
  first: Layer,
  second: Layer,
  activation: Activation,
): [y: tf.Tensor2D, x: tf.Tensor2D] {
  if (activation === 'gelu' && hasKernel(linearGeluKernel)) {
    return geluFeedForward(x, first, second) as [tf.Tensor2D, tf.Tensor2D];
  }
  const [widened, passed] = linears(x, [first[0]], [first[1]]);
  return [linear(activations[activation](widened), ...second), passed];
}
