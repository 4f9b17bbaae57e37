/** An optimiser over named parameters: which rule it follows, and its state, explicit so that it can be saved and restored. */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import { sgd } from './sgd.ts';

/** What a rule is told of one update of one parameter. */
export type Update = {
  learningRate: number;
  weightDecay: number;
  /** Of SGD, 0 … <1. */
  momentum: number;
  /** Factor on the gradient, from clipping. */
  gradientScale: number;
  /** Updates done, this one included. */
  step: number;
};

/** One way of updating; `slots` tensors of the parameter's shape are its memory, zero at first. */
export type Rule = {
  slots: number;
  update: (parameter: tf.Variable, gradient: tf.Tensor, slots: tf.Variable[], update: Update) => void;
};

const rules: Record<RunConfig['optimizer'], Rule> = { adamw, adam, sgd };

export type OptimizerState = {
  kind: RunConfig['optimizer'];
  /** Updates done. */
  step: number;
  /** Each parameter's memory, created at its first gradient. */
  slots: Map<string, tf.Variable[]>;
};

/** An optimiser's state on the CPU; parameters without a gradient so far have no slots. */
export type OptimizerSnapshot = { step: number; slots: Map<string, Float32Array[]> };

/** Biases and LayerNorm weights are not decayed (the usual grouping for BERT). */
export function isDecayed(name: string): boolean {
  return !name.endsWith('bias') && !name.includes('LayerNorm');
}

export function createOptimizer(kind: RunConfig['optimizer']): OptimizerState {
  return { kind, step: 0, slots: new Map() };
}

/**
 * One update of every parameter that has a gradient, in place.
 * @param gradients by parameter name
 * @param rateOf what a parameter's learning rate is multiplied by
 */
export function stepOptimizer(
  state: OptimizerState,
  parameters: ReadonlyMap<string, tf.Variable>,
  gradients: ReadonlyMap<string, tf.Tensor>,
  { rateOf, ...update }: Omit<Update, 'step'> & { rateOf: (name: string) => number },
): void {
  const rule = rules[state.kind];
  state.step++;
  for (const [name, gradient] of gradients) {
    const parameter = parameters.get(name)!;
    let slots = state.slots.get(name);
    if (!slots) {
      slots = Array.from({ length: rule.slots }, () => tf.tidy(() => tf.variable(tf.zerosLike(parameter), false)));
      state.slots.set(name, slots);
    }
    rule.update(parameter, gradient, slots, {
      ...update,
      learningRate: update.learningRate * rateOf(name),
      weightDecay: isDecayed(name) ? update.weightDecay : 0,
      step: state.step,
    });
  }
}

export async function saveOptimizer({ step, slots }: OptimizerState): Promise<OptimizerSnapshot> {
  const saved: OptimizerSnapshot = { step, slots: new Map() };
  for (const [name, variables] of slots) {
    const values = await Promise.all(variables.map((variable) => variable.data() as Promise<Float32Array>));
    saved.slots.set(name, values);
  }
  return saved;
}

/** Puts a fresh state where `saved` was. */
export function restoreOptimizer(
  state: OptimizerState,
  parameters: ReadonlyMap<string, tf.Variable>,
  { step, slots }: OptimizerSnapshot,
): void {
  state.step = step;
  for (const [name, values] of slots) {
    const { shape } = parameters.get(name)!;
    const variables = values.map((each) => tf.tidy(() => tf.variable(tf.tensor(each, shape), false)));
    state.slots.set(name, variables);
  }
}

export function disposeOptimizer(state: OptimizerState): void {
  for (const slots of state.slots.values()) tf.dispose(slots);
  state.slots.clear();
}
