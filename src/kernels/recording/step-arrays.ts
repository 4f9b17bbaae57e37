/** What changes from step to step: vectors of 32-bit numbers by name, and the same on the device. */
import * as tf from '@tensorflow/tfjs';

export type StepArrays = Readonly<Record<string, Int32Array | Float32Array>>;

/** The arrays `A` on the device, int32 or float32 as they are. */
export type OnDevice<A> = { readonly [Name in keyof A]: tf.Tensor1D };

/** Puts each of the arrays where `place` says. */
export function mapArrays<A extends StepArrays>(
  arrays: A,
  place: (values: Int32Array | Float32Array, name: string) => tf.Tensor1D,
): OnDevice<A> {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, place(values, name)])) as OnDevice<A>;
}

/** Puts the arrays on the device; the caller, or a tidy, disposes them. */
export function uploadArrays<A extends StepArrays>(arrays: A): OnDevice<A> {
  return mapArrays(arrays, (values) => tf.tensor1d(values, values instanceof Int32Array ? 'int32' : 'float32'));
}
