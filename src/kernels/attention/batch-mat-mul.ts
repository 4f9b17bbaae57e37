/**
 * A batch of products `[batch, m, k] × [batch, k, n]` on WASM, each by XNNPACK on one thread: tfjs's own kernel multiplies
 * batches without SIMD, a quarter as fast.
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { runKernel } from '../run-kernel.ts';
import { type Exported, onOneThread } from '../wasm/wasm-pools.ts';

const kernel = 'EmbedsmithBatchMatMul';

/** The binary's names for the three matrices in turn; tfjs counts its tensors from 1 up. */
const [left, right, product] = [-1, -2, -3] as const;
const bytes = 4;

tf.registerKernel({
  kernelName: kernel,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend }) => {
    const wasm = backend as BackendWasm;
    const module = wasm.wasm as BackendWasm['wasm'] & Exported;
    const [a, b] = Object.values(inputs) as [tf.TensorInfo, tf.TensorInfo];
    const [batch, m, k] = a.shape as [number, number, number];
    const n = b.shape[2]!;
    const out = wasm.makeOutput([batch, m, n], 'float32');
    const shapes = module._malloc!(6 * bytes);
    module.HEAP32.set([1, m, k, 1, k, n], shapes / bytes);
    const matrices = (
      [
        [left, a, m * k],
        [right, b, k * n],
        [product, out, m * n],
      ] as const
    ).map(([id, info, size]) => ({
      id,
      size,
      start: wasm.getMemoryOffset(info.dataId),
    }));
    onOneThread(wasm, () => {
      for (let i = 0; i < batch; i++) {
        for (const { id, size, start } of matrices) module._register_tensor!(id, size, start + i * size * bytes);
        module._BatchMatMul!(left, shapes, 3, right, shapes + 3 * bytes, 3, 0, 0, product);
        for (const { id } of matrices) module._dispose_data!(id);
      }
    });
    module._free!(shapes);
    return out;
  },
});

const multiply = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => runKernel(kernel, [a, b])[0]!;

const swapLast = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 1]);

/**
 * Batched product. dA = dC · Bᵀ, dB = Aᵀ · dC.
 * @param a `[batch, m, k]`
 * @param b `[batch, k, n]`
 * @returns `[batch, m, n]`
 */
export function batchMatMul(a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D {
  const op = tf.customGrad((...args) => {
    const [left, right, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([left, right]);
    return {
      value: multiply(left, right),
      gradFunc: (dy, saved) => {
        const [l, r] = saved as [tf.Tensor, tf.Tensor];
        return [multiply(dy as tf.Tensor, swapLast(r)), multiply(swapLast(l), dy as tf.Tensor)];
      },
    };
  });
  return op(a, b) as tf.Tensor3D;
}
