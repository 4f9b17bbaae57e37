/** Errors of the device are noticed. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { defineGpuKernel } from '../../../src/kernels/device/webgpu.ts';
import { runKernel } from '../../../src/kernels/run-kernel.ts';
import { selectBackend } from '../../support/backends.ts';

test('an invalid shader is noticed, not taken for zeros', async () => {
  const { fault } = await selectBackend('webgpu');
  defineGpuKernel('Broken', (gpu, [x]) => {
    const y = gpu.create(x!.shape);
    const code = 'this is no WGSL;';
    gpu.run(
      { name: 'broken', buffers: { x: 'read f32', y: 'write f32' }, uniforms: {}, code },
      { x: x!, y },
      {},
      [1, 1, 1],
    );
    return [y];
  });
  const x = tf.ones([4]);
  const [y] = runKernel('Broken', [x]);
  await y!.data();
  expect(fault()?.kind).toBe('error');
  tf.dispose([x, y!]);
});
