/**
 * Kernels of our own on the WebGPU backend, through tfjs's own program interface (4.22.0): one float32 output each,
 * one invocation an output element.
 */
import * as tf from '@tensorflow/tfjs';
import { type WebGPUBackend, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';

/**
 * Registers kernel `name` of the WebGPU backend. `body` is WGSL that sees `index : i32`, the inputs as storage arrays
 * under `variables`, and the integer attributes as `uniforms.<name>`; it ends with `setOutputAtIndex(index, value)`.
 */
export function defineWebGPUKernel<A extends Record<string, number>>(
  name: string,
  definition: {
    variables: string[];
    integers: (keyof A & string)[];
    outputShape: (inputs: tf.TensorInfo[], attributes: A) => number[];
    functions?: string;
    body: string;
  },
): void {
  tf.registerKernel({
    kernelName: name,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const infos = Object.values(inputs) as tf.TensorInfo[];
      const attributes = attrs as A;
      const outputShape = definition.outputShape(infos, attributes);
      const dispatchLayout = webgpu_util.flatDispatchLayout(outputShape);
      const workgroupSize: [number, number, number] = [64, 1, 1];
      const program = {
        outputShape,
        dispatchLayout,
        workgroupSize,
        dispatch: webgpu_util.computeDispatch(dispatchLayout, outputShape, workgroupSize),
        variableNames: definition.variables,
        uniforms: definition.integers.map((integer) => `${integer} : i32,`).join(' '),
        shaderKey: name,
        size: true,
        getUserCode: () => `
          ${definition.functions ?? ''}
          fn main(index : i32) {
            if (index < uniforms.size) {
              ${definition.body}
            }
          }`,
      };
      const uniforms = definition.integers.map((integer) => ({ type: 'int32', data: [attributes[integer] as number] }));
      return (backend as WebGPUBackend).runWebGPUProgram(program, infos, 'float32', uniforms);
    },
  });
}
