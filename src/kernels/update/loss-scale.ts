/**
 * Dynamic loss scaling for gradients that pass through halves (Micikevicius et al. 2018, https://arxiv.org/abs/1710.03740):
 * the loss's gradient begins as a large number instead of 1, so that small gradients are not lost, and the update divides it
 * out again. Where a gradient overflows, that update is left out and the scale falls; after many good ones it grows. All of
 * it happens on the device. Numbers and rule are those of torch.amp.GradScaler, but that a scale has a least value.
 */
import * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import type { Program } from '../device/program.ts';
import { finiteWgsl, type Journal, journalWords } from './step-journal.ts';

export const lossScaling = { first: 2 ** 16, growth: 2, backoff: 0.5, interval: 2000, least: 1 } as const;

/** Whether the update of a step was left out and the next ones go on: its gradients were too large for their scale alone. */
export function isSkipped({ loss, gradNorm, lossScale }: { loss: number; gradNorm: number; lossScale: number | null }) {
  return Number.isFinite(loss) && !Number.isFinite(gradNorm) && lossScale !== null && lossScale > lossScaling.least;
}

/** The same loss, whose gradient is multiplied by `scale`. */
export function scaleGradient(loss: tf.Scalar, scale: tf.Scalar): tf.Scalar {
  const op = tf.customGrad((...args) => {
    const [x, save] = args as unknown as [tf.Scalar, tf.GradSaveFunc];
    save([scale]);
    return { value: tf.clone(x), gradFunc: (dy, saved) => tf.mul(dy as tf.Tensor, (saved as tf.Tensor[])[0]!) };
  });
  return op(loss) as tf.Scalar;
}

/** Begins with the first scale, before the first step of a journal. */
export function startLossScale(queue: GPUQueue, { buffer }: Journal): void {
  queue.writeBuffer(buffer, 4 * journalWords.lossScale, Float32Array.of(lossScaling.first));
  queue.writeBuffer(buffer, 4 * journalWords.power1, Float32Array.of(1, 1));
}

const { lossScale, step, failed, good, power1, power2, ring, entry } = journalWords;

const program: Program = {
  name: 'adjust-loss-scale',
  buffers: { journal: 'write u32' },
  uniforms: { capacity: 'u32', beta1: 'f32', beta2: 'f32' },
  code: `@compute @workgroup_size(1) fn main() {
  if (journal[${failed}] != 0u) { return; }
  let scale = bitcast<f32>(journal[${lossScale}]);
  let norm = bitcast<f32>(journal[${ring}u + ${entry}u * (journal[${step}] % uniforms.capacity) + 1u]);
  if (${finiteWgsl('norm')}) {
    journal[${power1}] = bitcast<u32>(bitcast<f32>(journal[${power1}]) * uniforms.beta1);
    journal[${power2}] = bitcast<u32>(bitcast<f32>(journal[${power2}]) * uniforms.beta2);
    journal[${good}] += 1u;
    if (journal[${good}] == ${lossScaling.interval}u) {
      journal[${good}] = 0u;
      journal[${lossScale}] = bitcast<u32>(scale * ${lossScaling.growth}.0);
    }
    return;
  }
  journal[${good}] = 0u;
  if (scale > ${lossScaling.least}.0) { journal[${lossScale}] = bitcast<u32>(scale * ${lossScaling.backoff}); }
  else { journal[${failed}] = journal[${step}]; }
}`,
};

/** After the updates of a step: sets the next one's scale by this one's norm, and fails where there is no smaller scale. */
export function adjustLossScale(
  gpu: Dispatcher,
  { buffer, capacity }: Journal,
  betas: { beta1: number; beta2: number },
) {
  gpu.run(program, { journal: { buffer } }, { capacity, beta1: betas.beta1, beta2: betas.beta2 }, [1, 1, 1]);
}
