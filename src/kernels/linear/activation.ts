/**
 * The activations of the feed-forward layers, by the names that config.json gives them (`hidden_act`).
 *   gelu_tanh(x) = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))  (Hendrycks & Gimpel 2016), an approximation of GELU
 */
import * as tf from '@tensorflow/tfjs';
import { geluReference } from './gelu.ts';

const root = Math.sqrt(2 / Math.PI);

function geluTanh(x: tf.Tensor2D): tf.Tensor2D {
  const inner = tf.mul(tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715), 1)), root);
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

/** Each is applied to every element, and differentiable. */
export const activations = {
  gelu: (x: tf.Tensor2D) => geluReference(x),
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  gelu_fast: geluTanh,
  relu: (x: tf.Tensor2D) => tf.relu(x),
} as const satisfies Record<string, (x: tf.Tensor2D) => tf.Tensor2D>;

export type Activation = keyof typeof activations;

export const isActivation = (name: string): name is Activation => Object.hasOwn(activations, name);
