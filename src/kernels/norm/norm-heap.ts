/** LayerNorm of single rows in JavaScript, forward and backward (formulas in layer-norm.ts), for kernels over the heap. */

/** Mean of `width` values from `at` on. */
export function meanOf(x: ArrayLike<number>, at: number, width: number): number {
  let sum = 0;
  for (let i = at; i < at + width; i++) sum += x[i]!;
  return sum / width;
}

/** 1 / √(variance + epsilon) of `width` values from `at` on, whose mean is known. */
function rstdOf(x: ArrayLike<number>, at: number, width: number, mean: number, epsilon: number): number {
  let squares = 0;
  for (let i = at; i < at + width; i++) {
    const deviation = x[i]! - mean;
    squares += deviation * deviation;
  }
  return 1 / Math.sqrt(squares / width + epsilon);
}

/** Writes the LayerNorm of the values of `x` from `at` on, whose mean is known, to the same place of `y`. */
export function normaliseRow(
  x: ArrayLike<number>,
  y: Float32Array,
  at: number,
  mean: number,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  epsilon: number,
): void {
  const width = weight.length;
  const rstd = rstdOf(x, at, width, mean, epsilon);
  for (let j = 0; j < width; j++) y[at + j] = (x[at + j]! - mean) * rstd * weight[j]! + bias[j]!;
}

/** The gradient of LayerNorm row by row, with the sums over the rows that weight and bias get. */
export class NormGradient {
  readonly weightSums: Float64Array;
  readonly biasSums: Float64Array;
  private readonly weight: ArrayLike<number>;
  private readonly epsilon: number;

  constructor(weight: ArrayLike<number>, epsilon: number) {
    this.weight = weight;
    this.epsilon = epsilon;
    this.weightSums = new Float64Array(weight.length);
    this.biasSums = new Float64Array(weight.length);
  }

  /** Writes the gradient of a row, at `at` of `x` and of known mean, to the same place of `dx`, from dy at `dyAt`. */
  row(x: ArrayLike<number>, at: number, mean: number, dy: ArrayLike<number>, dyAt: number, dx: Float32Array): void {
    const { weight, weightSums, biasSums } = this;
    const width = weight.length;
    const rstd = rstdOf(x, at, width, mean, this.epsilon);
    let sum = 0;
    let product = 0;
    for (let j = 0; j < width; j++) {
      const d = dy[dyAt + j]!;
      const normal = (x[at + j]! - mean) * rstd;
      const g = d * weight[j]!;
      sum += g;
      product += g * normal;
      weightSums[j]! += d * normal;
      biasSums[j]! += d;
    }
    sum /= width;
    const slope = (rstd * product) / width;
    for (let j = 0; j < width; j++) {
      dx[at + j] = rstd * (dy[dyAt + j]! * weight[j]! - sum - (x[at + j]! - mean) * slope);
    }
  }
}
