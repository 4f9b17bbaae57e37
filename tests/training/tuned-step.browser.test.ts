/** The tiles of a step's products on a GPU: measured, used, remembered; and the rule's where anything of that fails. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Dispatcher } from '../../src/kernels/device/dispatch.ts';
import { Pipelines } from '../../src/kernels/device/pipelines.ts';
import { ruleFor } from '../../src/kernels/linear/mat-mul-plan.ts';
import type { TileStorage } from '../../src/kernels/linear/tuner.ts';
import { disposeParameters, readParameters } from '../../src/model/parameters.ts';
import { createStepper } from '../../src/training/stepper.ts';
import { expectNoFault, relativeError } from '../support/backends.ts';
import { currentGpu, selectVariant, variants } from '../support/kernel-variants.ts';
import { batchOf, type Case, configOf, modelFor } from '../support/training-cases.ts';

const each: Case = { objective: 'mnrl', positions: 2 };
const [, barrierFree, workgroup] = variants;
/** Of the golden model: query, key and value together, the output, both of the feed-forward; thrice. */
const classes = 12;

let gpu: Dispatcher;
beforeEach(async () => {
  await selectVariant(workgroup);
  gpu = currentGpu();
  vi.spyOn(performance, 'now').mockReturnValue(0); // on a slow machine, too, there is time for all
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

type Product = { form: 'nt' | 'nn' | 'tn'; shape: { p: number; q: number; r: number }; tile: number; name: string };

/** What was compiled before: while it is held, the browser need not compile the same programs again. */
const held: Pipelines[] = [];

/** Prepares and trains a step on a new device, as it were. */
async function trainOnce(storage?: TileStorage) {
  const pipelines = new Pipelines(gpu.device);
  held.push(pipelines);
  Object.assign(gpu, { pipelines });
  const measured = vi.spyOn(gpu.device, 'createQuerySet');
  const compiled = vi.spyOn(gpu.device, 'createComputePipeline');
  measured.mockClear();
  compiled.mockClear();
  const progress: [done: number, total: number][] = [];
  const model = await modelFor(each);
  const stepper = createStepper(model, configOf(each, 0.1), storage);
  const batch = batchOf(each, [3, 9, 2, 11, 5, 7, 4], 1);
  await stepper.prepare([batch], (done, total) => progress.push([done, total]));
  const measurements = measured.mock.calls.length;
  const products: Product[] = [];
  const run = vi.spyOn(gpu, 'run').mockImplementation(function (this: Dispatcher, ...request) {
    const [{ name }, , { p, q, r }] = request;
    const [, form, tile] = /^product-(nt|nn|tn)-.*tiled-(\d+)/.exec(name) ?? [];
    if (form)
      products.push({ form: form as Product['form'], shape: { p: p!, q: q!, r: r! }, tile: Number(tile), name });
    original.apply(this, request);
  });
  const { loss } = await stepper.step([batch], { step: 1, learningRate: 1e-3 });
  run.mockRestore();
  const weights = (await readParameters(model.parameters)).get('encoder.layer.0.output.dense.weight')!.data;
  stepper.dispose();
  disposeParameters(model.parameters);
  return { loss, weights, products, measurements, progress, compiled: compiled.mock.calls.length };
}

let original: Dispatcher['run'];
beforeEach(() => {
  original = gpu.run;
});

const classOf = ({ form, shape: { p, q, r } }: Product) =>
  [form, ...[p, q, r].map((size) => Math.round(Math.log2(size)))].join('-');

/** The memory's one device, its one step, and the tiles of that. */
function open(storage: Map<string, string>) {
  expect(storage.size).toBe(1);
  const [[device, value]] = [...storage] as [[string, string]];
  const steps: Record<string, Record<string, number>> = JSON.parse(value);
  expect(Object.keys(steps)).toHaveLength(1);
  const [[step, tiles]] = Object.entries(steps) as [[string, Record<string, number>]];
  return { device, step, tiles };
}

const tilesByRule = ({ products }: { products: Product[] }) => {
  expect(products.length).toBeGreaterThan(classes);
  for (const { form, shape, tile } of products) expect(tile).toBe(ruleFor(form, shape));
};

test('every product of a step is measured, and has the tile that is remembered', async () => {
  const storage = new Map<string, string>();
  const first = await trainOnce(storage);
  const { device, tiles } = open(storage);
  expect(device).toMatch(/swiftshader.* [0-9a-f]{1,8}$/i);
  expect(first.measurements).toBeGreaterThanOrEqual(3 * classes);
  // Evaluations embed without room to spare: some of their products are of a class that the step's are not.
  const ofStep = new Set(first.products.map(classOf));
  for (const name of Object.keys(tiles)) expect(ofStep.has(name) || name.startsWith('nt')).toBe(true);
  for (const product of first.products) expect(tiles[classOf(product)], product.name).toBe(product.tile);
  expect(first.compiled, 'compiled without being prepared').toBe(0);
  const dones = first.progress.map(([done]) => done);
  expect(dones).toEqual(dones.toSorted((a, b) => a - b));
  expect(first.progress.at(-1)![0]).toBe(first.progress.at(-1)![1]);

  const second = await trainOnce(storage);
  expect(second.measurements).toBe(0);
  expect(second.compiled).toBe(0);
  expect(second.loss).toBe(first.loss);
  expect(second.weights).toEqual(first.weights);
  expect(second.products).toEqual(first.products);
});

test('other tiles than the rule’s are used where they are remembered, with the same results', async () => {
  const storage = new Map<string, string>();
  await trainOnce(storage);
  const { device, step, tiles } = open(storage);
  const largest = JSON.stringify({ [step]: Object.fromEntries(Object.keys(tiles).map((name) => [name, 128])) });
  const tuned = await trainOnce(new Map([[device, largest]]));
  expect(new Set(tuned.products.map(({ tile }) => tile))).toEqual(new Set([128]));
  expect([tuned.measurements, tuned.compiled]).toEqual([0, 0]);
  vi.spyOn(gpu.device, 'createQuerySet').mockImplementation(() => {
    throw new Error('no queries');
  });
  const ruled = await trainOnce();
  tilesByRule(ruled);
  expect(ruled.products.every(({ tile }) => tile < 128)).toBe(true);
  expect(Math.abs(tuned.loss / ruled.loss - 1)).toBeLessThan(1e-5);
  expect(relativeError(tuned.weights, ruled.weights)).toBeLessThan(1e-4);
});

test('the rule stands where a tile cannot be compiled, and nothing is remembered', async () => {
  const create = gpu.device.createComputePipelineAsync;
  vi.spyOn(gpu.device, 'createComputePipelineAsync').mockImplementation(function (this: GPUDevice, descriptor) {
    if (descriptor.label?.includes('tiled-128')) return Promise.reject(new Error('too much shared memory'));
    return create.call(this, descriptor);
  });
  const storage = new Map<string, string>();
  const found = await trainOnce(storage);
  tilesByRule(found);
  expect([found.measurements, found.compiled, storage.size]).toEqual([0, 0, 0]);
});

test('where the device reports an error, the rule stands, and the run goes on', async () => {
  const create = gpu.device.createQuerySet;
  vi.spyOn(gpu.device, 'createQuerySet').mockImplementation(function (this: GPUDevice, descriptor) {
    this.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    return create.call(this, descriptor);
  });
  const storage = new Map<string, string>();
  tilesByRule(await trainOnce(storage));
  expect(storage.size).toBe(0);
});

test('where time runs out, the rule stands for what is not measured, and that is remembered', async () => {
  let now = 0;
  vi.mocked(performance.now).mockImplementation(() => (now += 100));
  const storage = new Map<string, string>();
  const found = await trainOnce(storage);
  const { tiles } = open(storage);
  expect(Object.keys(tiles).length).toBeLessThan(classes);
  for (const product of found.products) {
    expect(product.tile).toBe(tiles[classOf(product)] ?? ruleFor(product.form, product.shape));
  }
  vi.mocked(performance.now).mockReturnValue(0);
  const again = await trainOnce(storage);
  expect(again.measurements).toBe(0);
  expect(again.loss).toBe(found.loss);
});

test('without the device’s clock ours is used', async () => {
  const { features } = gpu.device;
  vi.spyOn(gpu.device, 'features', 'get').mockReturnValue(
    new Set([...features].filter((f) => f !== 'timestamp-query')),
  );
  vi.mocked(performance.now).mockRestore();
  const storage = new Map<string, string>();
  const found = await trainOnce(storage);
  expect(found.measurements).toBe(0);
  const { tiles } = open(storage);
  expect(Object.keys(tiles).length).toBeGreaterThan(0);
});

test('devices that compute in software measure nothing', async () => {
  await selectVariant(barrierFree);
  const storage = new Map<string, string>();
  const { measurements, loss } = await trainOnce(storage);
  expect(loss).toBeGreaterThan(0);
  expect([measurements, storage.size]).toEqual([0, 0]);
});
