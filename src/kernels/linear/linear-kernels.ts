/** The kernels that linear layers are made of, which linear-webgpu.ts and linear-wasm.ts define alike. */

/** x, weights, biases → y, the layers' outputs side by side. */
export const linearsKernel = 'EmbedsmithLinears';

/** dy, weights and, if it is passing, what the gradient is added to → dx. */
export const inputGradientKernel = 'EmbedsmithLinearsInputGradient';
export type InputGradient = { passing: boolean; holders: number };

/** x, dy, weights, biases → the gradients of weights and biases. */
export const weightGradientKernel = 'EmbedsmithLinearsWeightGradient';

/** x, weight, bias → gelu(u), u. */
export const linearGeluKernel = 'EmbedsmithLinearGelu';

/** dy, the weight of the layer behind GELU, u → du, gelu(u); the latter takes u's place. */
export const geluGradientKernel = 'EmbedsmithLinearGeluGradient';

/** Halves of a list: weights and their biases. */
export const halves = <T>(items: readonly T[]): [T[], T[]] => [
  items.slice(0, items.length / 2),
  items.slice(items.length / 2),
];
