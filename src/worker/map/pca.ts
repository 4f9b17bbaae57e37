/**
 * Principal components by Lanczos' method with full reorthogonalisation (Golub & Van Loan, §10.3): the leading eigenvectors of
 * XᵀX, X the rows less their mean, without forming it. After m products the matrix is seen as a tridiagonal T = QᵀXᵀXQ, [m, m],
 * whose leading eigenpairs (θ, s) give those wanted, axis = Qs, to within the residual |β s_m|.
 */
import { symmetricEigen } from './symmetric-eigen.ts';

/** Products between two looks at the residual, and in all; as many as there are dimensions are exact. */
const stride = 25;
const mostProducts = 200;
/** Of the residual to the eigenvalue. */
const tolerance = 1e-9;

export type Basis = {
  /** `[dimensions]` */
  mean: Float64Array;
  /** Directions `[dimensions]` of length 1; the largest entry of each is positive. */
  axes: Float64Array[];
  /** Share of the whole variance along each axis. */
  explained: number[];
};

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Takes from `vector`, in place, all that lies along the others (Gram–Schmidt, twice), and returns the length that is left. */
function reorthogonalize(vector: Float64Array, others: readonly Float64Array[]): number {
  for (let pass = 0; pass < 2; pass++) {
    for (const other of others) {
      const shared = inner(vector, other);
      for (let i = 0; i < vector.length; i++) vector[i]! -= shared * other[i]!;
    }
  }
  return Math.sqrt(inner(vector, vector));
}

/** Numbers without pattern from −1 to 1, the same each time (a linear congruential generator). */
function createNoise(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** q ↦ XᵀX q, of rows `[count · dimensions]` less their mean. */
function gramProduct(centred: Float64Array, dimensions: number): (q: Float64Array) => Float64Array {
  return (q) => {
    const product = new Float64Array(dimensions);
    for (let start = 0; start < centred.length; start += dimensions) {
      let along = 0;
      for (let j = 0; j < dimensions; j++) along += centred[start + j]! * q[j]!;
      for (let j = 0; j < dimensions; j++) product[j]! += along * centred[start + j]!;
    }
    return product;
  };
}

/** The tridiagonal matrix with these numbers on its diagonal and beside it. */
function tridiagonal(diagonal: readonly number[], beside: readonly number[]): number[][] {
  const between = (i: number, j: number) => (Math.abs(i - j) === 1 ? beside[Math.min(i, j)]! : 0);
  return diagonal.map((value, i) => diagonal.map((_, j) => (i === j ? value : between(i, j))));
}

/**
 * The leading eigenvalues of the symmetric matrix `[dimensions, dimensions]` that `multiply` is, and the shares of their
 * eigenvectors along the vectors of `basis`.
 * @param trace of the matrix
 */
function lanczos(
  multiply: (q: Float64Array) => Float64Array,
  dimensions: number,
  trace: number,
  wanted: number,
): { basis: Float64Array[]; values: number[]; vectors: number[][] } {
  const noise = createNoise();
  const most = Math.min(dimensions, mostProducts);
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = []; // of T, below the diagonal; the last is the length of what comes next
  let found = { values: [0], vectors: [[1]] };
  let next: Float64Array = Float64Array.from({ length: dimensions }, noise);
  let length = Math.sqrt(inner(next, next));
  while (basis.length < most) {
    const q = next.map((value) => value / length);
    basis.push(q);
    next = multiply(q);
    diagonal.push(inner(next, q));
    length = reorthogonalize(next, basis);
    // All that the start could reach is found: what is left is looked for from a new start.
    const isExhausted = length <= 1e-12 * trace;
    beside.push(isExhausted ? 0 : length);
    if (isExhausted) {
      next = Float64Array.from({ length: dimensions }, noise);
      length = reorthogonalize(next, basis);
    }
    const size = basis.length;
    if (size < most && size % stride > 0) continue;
    found = symmetricEigen(tridiagonal(diagonal, beside));
    const residual = (k: number) => Math.abs(beside.at(-1)! * found.vectors[k]!.at(-1)!);
    const values = found.values.slice(0, wanted);
    if (!isExhausted && values.every((value, k) => residual(k) <= tolerance * value)) break;
  }
  return { basis, values: found.values.slice(0, wanted), vectors: found.vectors.slice(0, wanted) };
}

/**
 * @param rows `[count · dimensions]`
 * @param components 1 … dimensions
 */
export function fitPca(rows: Float32Array, dimensions: number, components: number): Basis {
  const count = rows.length / dimensions;
  const mean = new Float64Array(dimensions);
  for (let i = 0; i < rows.length; i++) mean[i % dimensions]! += rows[i]! / count;
  const centred = Float64Array.from(rows, (value, i) => value - mean[i % dimensions]!);
  const whole = inner(centred, centred);
  const { basis, values, vectors } = lanczos(gramProduct(centred, dimensions), dimensions, whole, components);
  const axes = vectors.map((shares) => {
    const axis = new Float64Array(dimensions);
    for (const [k, share] of shares.entries()) for (let i = 0; i < dimensions; i++) axis[i]! += share * basis[k]![i]!;
    const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    return largest < 0 ? axis.map((value) => -value) : axis;
  });
  return { mean, axes, explained: values.map((value) => (whole > 0 ? value / whole : 0)) };
}

/** Coordinates `[count · axes]` of rows `[count · dimensions]` along the basis. */
export function project(rows: Float32Array, { mean, axes }: Basis): Float32Array {
  const dimensions = mean.length;
  const count = rows.length / dimensions;
  const positions = new Float32Array(count * axes.length);
  for (let row = 0; row < count; row++) {
    for (const [k, axis] of axes.entries()) {
      let sum = 0;
      for (let j = 0; j < dimensions; j++) sum += (rows[row * dimensions + j]! - mean[j]!) * axis[j]!;
      positions[row * axes.length + k] = sum;
    }
  }
  return positions;
}
