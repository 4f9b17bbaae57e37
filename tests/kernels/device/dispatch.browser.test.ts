/** The dispatcher: uniforms, grids, parts of buffers, gradients' places, compiling ahead, measuring, and recording. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Dispatcher } from '../../../src/kernels/device/dispatch.ts';
import { grid, type Program } from '../../../src/kernels/device/program.ts';
import { BufferPool } from '../../../src/kernels/recording/buffer-pool.ts';
import { Recording } from '../../../src/kernels/recording/recording.ts';
import { expectNoFault, selectBackend } from '../../support/backends.ts';
import { placeNumbers, readBuffer } from '../../support/gradients.ts';
import { currentGpu } from '../../support/kernel-variants.ts';

/** y[at] += value. */
const addAt: Program = {
  name: 'test-add-at',
  buffers: { y: 'write f32' },
  uniforms: { at: 'u32', value: 'f32' },
  code: '@compute @workgroup_size(1) fn main() { y[uniforms.at] += uniforms.value; }',
};

/** y = 2 x. */
const double: Program = {
  name: 'test-double',
  buffers: { x: 'read f32', y: 'write f32' },
  uniforms: {},
  code: `@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u) {
  if (id.x < arrayLength(&y)) { y[id.x] = 2.0 * x[id.x]; }
}`,
};

/** y[group] = group. */
const number: Program = {
  name: 'test-number',
  buffers: { y: 'write u32' },
  uniforms: { size: 'u32' },
  code: `@compute @workgroup_size(1) fn main(@builtin(workgroup_id) group : vec3u, @builtin(num_workgroups) groups : vec3u) {
  let i = flat_group(group, groups);
  if (i < uniforms.size) { y[i] += i + 1u; }
}`,
};

let gpu: Dispatcher;
let made: GPUBuffer[] = [];

const place = (numbers: ArrayLike<number>): GPUBuffer => {
  const buffer = placeNumbers(gpu.device, Float32Array.from(numbers));
  made.push(buffer);
  return buffer;
};

const contents = (buffer: GPUBuffer): Promise<Float32Array> => {
  gpu.submit();
  return readBuffer(gpu.device, buffer);
};

const tensorOf = (info: tf.TensorInfo): tf.Tensor => tf.engine().makeTensorFromTensorInfo(info);

beforeEach(async () => {
  await selectBackend('webgpu');
  gpu = currentGpu();
});
afterEach(async () => {
  vi.restoreAllMocks();
  gpu.submit();
  for (const buffer of made) buffer.destroy();
  made = [];
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

/** More dispatches than a page has room for uniforms; stock operations come between. */
const many = 2500;

function runMany(y: GPUBuffer): void {
  for (let at = 0; at < many; at++) {
    gpu.run(addAt, { y: { buffer: y } }, { at, value: at + 0.5 }, [1, 1, 1]);
    if (at % 700 === 0) tf.tidy(() => void tf.add(tf.tensor1d([1, 2]), 1));
  }
}

const afterMany = (times: number) => Float32Array.from({ length: many }, (_, at) => times * (at + 0.5));

test('every dispatch has its own uniforms, however many there are', async () => {
  const y = place(new Float32Array(many));
  runMany(y);
  expect(await contents(y)).toEqual(afterMany(1));
});

test('and keeps them in a recording, whatever runs between the replays', async () => {
  const [y, other] = [place(new Float32Array(many)), place(new Float32Array(many))];
  const pool = new BufferPool(gpu.device);
  const recording = new Recording(gpu, pool, () => runMany(y), null);
  expect(recording.dispatches).toBe(many + 4);
  runMany(other);
  recording.replay();
  runMany(other);
  recording.replay();
  expect(await contents(y)).toEqual(afterMany(3));
  expect(await contents(other)).toEqual(afterMany(2));
  recording.dispose();
  expect(pool.bytes).toBe(0);
});

test('more workgroups than one dimension holds each run once', async () => {
  const size = 140_001;
  const groups = grid(size);
  expect(groups.every((count) => count <= 65_535)).toBe(true);
  expect(groups[1]).toBe(3);
  const y = place(new Float32Array(size));
  gpu.run(number, { y: { buffer: y } }, { size }, groups);
  const found = new Uint32Array((await contents(y)).buffer);
  expect(found).toEqual(Uint32Array.from({ length: size }, (_, i) => i + 1));
});

test('part of a buffer is a tensor to our programs, may be read back, and is refused to stock operations', async () => {
  const buffer = place(Array.from({ length: 200 }, (_, i) => i));
  const view = tensorOf(gpu.createView(buffer, 256, [2, 3]));
  expect(gpu.isView(view)).toBe(true);
  const y = tensorOf(gpu.create([2, 3]));
  gpu.run(double, { x: view, y }, {}, [1, 1, 1]);
  expect([...(await y.data())]).toEqual([128, 130, 132, 134, 136, 138]);
  expect([...(await view.data())]).toEqual([64, 65, 66, 67, 68, 69]);
  expect(gpu.isView(y)).toBe(false);
  expect(() => tf.tidy(() => tf.add(view, 1))).toThrow(/cannot read a part of a buffer/);
  tf.dispose([view, y]);
  expect((await contents(buffer))[64], 'the buffer stays').toBe(64);
});

test('stock operations see no more of a larger buffer than their tensor', () => {
  const x = gpu.adopt(place(new Float32Array(100)), 10, 'float32');
  const bound = vi.spyOn(gpu.device, 'createBindGroup');
  tf.tidy(() => void tf.square(x));
  const resources = [...bound.mock.calls[0]![0].entries].map(({ resource }) => resource as GPUBufferBinding);
  expect(resources.slice(0, 2).map(({ size }) => size)).toEqual([40, 40]);
  x.dispose();
});

test('gradients are added in their place, or to zeros', async () => {
  const buffer = place(Array.from({ length: 100 }, (_, i) => i));
  const parameter = tf.ones([3]);
  const add = () => {
    const gradient = tensorOf(gpu.gradientOf(parameter));
    gpu.run(addAt, { y: gradient }, { at: 1, value: 10 }, [1, 1, 1]);
    return gradient;
  };
  gpu.placeGradient(parameter, buffer, 256);
  const placed = add();
  expect([...(await placed.data())]).toEqual([64, 75, 66]);
  gpu.removeGradient(parameter);
  const free = add();
  expect([...(await free.data())]).toEqual([0, 10, 0]);
  expect((await contents(buffer))[65]).toBe(75);
  tf.dispose([parameter, placed, free]);
});

test('parts of a buffer are joined where one begins as the other ends', () => {
  const [buffer, other] = [place(Array(192).fill(0)), place(Array(192).fill(0))];
  const view = (of: GPUBuffer, offset: number, shape: number[]) => tensorOf(gpu.createView(of, offset, shape));
  const [a, b, c] = [view(buffer, 0, [4, 16]), view(buffer, 256, [3]), view(buffer, 268, [5])];
  const elsewhere = view(other, 256, [3]);
  expect(gpu.joined([a, b, c])).toEqual({ buffer, offset: 0, size: 288 });
  expect(gpu.joined([b])).toEqual({ buffer, offset: 256, size: 12 });
  expect(gpu.joined([a, c])).toBeNull();
  expect(gpu.joined([b, a])).toBeNull();
  expect(gpu.joined([a, elsewhere])).toBeNull();
  tf.dispose([a, b, c, elsewhere]);
});

test('a part is copied', async () => {
  const [from, to] = [place([1, 2, 3, 4]), place([5, 6, 7, 8])];
  gpu.copy({ buffer: from, offset: 4, size: 8 }, { buffer: to, offset: 8, size: 8 });
  expect([...(await contents(to))]).toEqual([5, 6, 2, 3]);
});

test('a tensor has its data alone until it is shared, or where it comes from the CPU', () => {
  const made = tensorOf(gpu.create([4]));
  expect(gpu.isAlone(made, 1)).toBe(true);
  const shared = tensorOf(gpu.share(made));
  expect([gpu.isAlone(made, 1), gpu.isAlone(made, 2)]).toEqual([false, true]);
  shared.dispose();
  expect(gpu.isAlone(made, 1)).toBe(true);
  const view = tensorOf(gpu.createView(place([1, 2]), 0, [2]));
  const constant = tf.zeros([4]);
  expect([gpu.isAlone(view, 1), gpu.isAlone(constant, 1)]).toEqual([false, false]);
  tf.dispose([made, view, constant]);
});

test('a part is cleared, and a part is read', async () => {
  const buffer = place(Array.from({ length: 100 }, (_, i) => i + 1));
  gpu.clear({ buffer, offset: 8, size: 12 });
  expect([...new Float32Array(await gpu.read({ buffer, offset: 4, size: 20 }))]).toEqual([2, 0, 0, 0, 6]);
  expect(new Float32Array(await gpu.read({ buffer, offset: 388 }))).toEqual(Float32Array.of(98, 99, 100));
});

test('a program without one of its buffers or uniforms is refused, and the next one runs', async () => {
  const y = place([0, 0]);
  expect(() => gpu.run(addAt, {}, { at: 0, value: 1 }, [1, 1, 1])).toThrow('without its buffer y');
  expect(() => gpu.run(addAt, { y: { buffer: y } }, { at: 0 }, [1, 1, 1])).toThrow('without its uniform value');
  gpu.run(addAt, { y: { buffer: y } }, { at: 1, value: 3 }, [1, 1, 1]);
  expect([...(await contents(y))]).toEqual([0, 3]);
});

test('compiling ahead computes nothing, and what runs then is compiled', async () => {
  const y = place([1, 2]);
  const fresh = (name: string): Program => ({ ...addAt, name });
  const programs = [fresh('test-ahead-1'), fresh('test-ahead-2')];
  const body = () => {
    for (const program of programs) gpu.run(program, { y: { buffer: y } }, { at: 0, value: 5 }, [1, 1, 1]);
    gpu.clear({ buffer: y });
    return tf.tan(tf.cos(tf.tensor1d([1, 2, 3])));
  };
  const progress: string[] = [];
  const { bufferManager } = gpu.backend;
  const compiling = gpu.compile(
    () => void body(),
    (done, total) => progress.push(`${done} of ${total}`),
  );
  expect(gpu.backend.bufferManager, 'work may go on').toBe(bufferManager);
  await compiling;
  expect(progress).toEqual(['1 of 2', '2 of 2']);
  expect([...(await contents(y))]).toEqual([1, 2]);
  const compiled = vi.spyOn(gpu.device, 'createComputePipeline');
  const shaders = vi.spyOn(gpu.device, 'createShaderModule');
  tf.tidy(() => void body());
  expect(await contents(y)).toEqual(new Float32Array(2));
  expect(compiled).not.toHaveBeenCalled();
  expect(shaders).not.toHaveBeenCalled();
});

test('compiling what fails leaves the device usable', async () => {
  const { bufferManager } = gpu.backend;
  const failing = () => {
    tf.square(tf.tensor1d([1, 2]));
    throw new Error('in the middle');
  };
  await expect(gpu.compile(failing)).rejects.toThrow('in the middle');
  expect(gpu.backend.bufferManager).toBe(bufferManager);
  await gpu.compile(() => {});
  const y = tf.tidy(() => tf.square(tf.tensor1d([3, 4])));
  expect([...(await y.data())]).toEqual([9, 16]);
  y.dispose();
});

test('each of our programs is measured, in order, and computes as ever', async () => {
  expect(gpu.device.features.has('timestamp-query')).toBe(true);
  const y = place([0, 0]);
  const times = await gpu.measure(() => {
    gpu.run(addAt, { y: { buffer: y } }, { at: 0, value: 1 }, [1, 1, 1]);
    tf.tidy(() => void tf.square(tf.tensor1d([1, 2])));
    gpu.run(double, { x: { buffer: y, size: 4 }, y: { buffer: place([0]) } }, {}, [1, 1, 1]);
    gpu.run(addAt, { y: { buffer: y } }, { at: 1, value: 2 }, [1, 1, 1]);
  });
  expect(times.map(({ name }) => name)).toEqual(['test-add-at', 'test-double', 'test-add-at']);
  for (const { nanoseconds } of times) expect(nanoseconds).toBeGreaterThanOrEqual(0);
  expect([...(await contents(y))]).toEqual([1, 2]);
  expect(await gpu.measure(() => {})).toEqual([]);
});

test('a recording must leave nothing behind, read nothing back, and gives up all it took where it fails', async () => {
  const pool = new BufferPool(gpu.device);
  const x = tf.tensor1d([1, 2, 3]);
  tf.tidy(() => void tf.square(x)); // it is on the device now
  const tensors = tf.memory().numTensors;
  const { STORAGE, COPY_DST } = GPUBufferUsage;
  for (const mapped of [false, true]) {
    const leave = () => void gpu.backend.bufferManager.acquireBuffer(8, STORAGE | COPY_DST, mapped);
    expect(() => new Recording(gpu, pool, leave, null)).toThrow('left 1 buffers in use');
  }
  const fail = () =>
    tf.tidy(() => {
      tf.square(tf.square(x));
      throw new Error('in the middle');
    });
  expect(() => new Recording(gpu, pool, fail, null)).toThrow('in the middle');
  const read = () => tf.tidy(() => void gpu.backend.bufferManager.acquireBuffer(4, GPUBufferUsage.MAP_READ));
  expect(() => new Recording(gpu, pool, read, null)).toThrow('must not read tensors back');
  expect(pool.bytes).toBe(0);
  expect(tf.memory().numTensors).toBe(tensors);
  const y = tf.square(x);
  expect([...(await y.data())]).toEqual([1, 4, 9]);
  tf.dispose([x, y]);
});
