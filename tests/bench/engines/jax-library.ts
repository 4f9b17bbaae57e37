/** The part of jax-js (`@jax-js/jax`) that the benchmark uses, in types; the package is installed on demand. */

/** An array with a count of references: every call consumes its arguments, `.ref` keeps one for another call. */
export type JaxArray = {
  readonly ref: JaxArray;
  readonly shape: number[];
  add: (other: JaxArray | number) => JaxArray;
  sub: (other: JaxArray | number) => JaxArray;
  mul: (other: JaxArray | number) => JaxArray;
  div: (other: JaxArray | number) => JaxArray;
  sum: (axis?: number, options?: { keepdims?: boolean }) => JaxArray;
  mean: (axis?: number, options?: { keepdims?: boolean }) => JaxArray;
  reshape: (shape: number[]) => JaxArray;
  transpose: (permutation?: number[]) => JaxArray;
  slice: (...index: (number | [number, number] | [])[]) => JaxArray;
  data: () => Promise<ArrayLike<number>>;
  dispose: () => void;
};

export type JaxTree = { [name: string]: JaxArray };

type Device = 'wasm' | 'webgpu';

export type JaxLibrary = {
  init: (...devices: Device[]) => Promise<Device[]>;
  defaultDevice: (device: Device) => Device;
  getWebGPUDevice: () => GPUDevice;
  blockUntilReady: <T>(tree: T) => Promise<T>;
  jit: <A extends unknown[], R>(compute: (...inputs: A) => R) => ((...inputs: A) => R) & { dispose: () => void };
  valueAndGrad: <A extends unknown[]>(
    compute: (tree: JaxTree, ...others: A) => JaxArray,
  ) => (tree: JaxTree, ...others: A) => [JaxArray, JaxTree];
  numpy: {
    float32: 'float32';
    int32: 'int32';
    array: (values: Float32Array | Int32Array | number[], options?: { shape?: number[]; dtype?: string }) => JaxArray;
    zeros: (shape: number[]) => JaxArray;
    eye: (size: number) => JaxArray;
    sqrt: (x: JaxArray) => JaxArray;
    square: (x: JaxArray) => JaxArray;
    reciprocal: (x: JaxArray) => JaxArray;
    minimum: (x: JaxArray | number, y: JaxArray | number) => JaxArray;
    maximum: (x: JaxArray | number, y: JaxArray | number) => JaxArray;
    matmul: (x: JaxArray, y: JaxArray) => JaxArray;
    take: (x: JaxArray, indices: JaxArray, axis: number) => JaxArray;
    where: (condition: JaxArray, x: JaxArray | number, y: JaxArray | number) => JaxArray;
  };
  nn: {
    gelu: (x: JaxArray, options: { approximate: boolean }) => JaxArray;
    softmax: (x: JaxArray, axis: number) => JaxArray;
    logsumexp: (x: JaxArray, axis: number) => JaxArray;
  };
  random: {
    key: (seed: number) => JaxArray;
    split: (key: JaxArray, parts: number) => JaxArray;
    bernoulli: (key: JaxArray, probability: number, shape: number[]) => JaxArray;
  };
};
