/**
 * Exponential moving average with bias correction, as TensorBoard smooths its scalars:
 *     s_i = w s_(i−1) + (1 − w) x_i,   smoothed_i = s_i / (1 − w^i)
 * Values that are no finite number are passed over and shown as they are.
 */

/** What a value weighs that is left out of an average: far below what is drawn. */
const negligible = 1e-12;

/** How many values before the first one shown still count at this weight. */
export function lookBack(weight: number): number {
  return weight <= 0 ? 0 : Math.ceil(Math.log(negligible) / Math.log(weight));
}

/** Takes one value after the other and gives the smoothed one. `weight` is 0 (none) to below 1. */
export function smoother(weight: number): (value: number) => number {
  let sum = 0;
  let mass = 0;
  return (value) => {
    if (!Number.isFinite(value)) return value;
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return sum / mass;
  };
}

/** The smoothed value at an index, from the values before it. */
export function smoothAt(values: Float64Array, index: number, weight: number): number {
  const next = smoother(weight);
  let smooth = Number.NaN;
  for (let i = Math.max(0, index - lookBack(weight)); i <= index; i++) smooth = next(values[i]!);
  return smooth;
}
