/** The tile of one product on a GPU, chosen by measuring; and memories of such choices that are of no use. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Dispatcher } from '../../../src/kernels/device/dispatch.ts';
import { multiply, ruleFor, tileFor } from '../../../src/kernels/linear/mat-mul-plan.ts';
import { classOf } from '../../../src/kernels/linear/tile-choices.ts';
import { compileTuned, type TileStorage } from '../../../src/kernels/linear/tuner.ts';
import { expectNoFault } from '../../support/backends.ts';
import { currentGpu, selectVariant, variants } from '../../support/kernel-variants.ts';

const shape = { p: 128, q: 128, r: 64 };
const tiles = [32, 64, 128] as const;

let gpu: Dispatcher;
beforeEach(async () => {
  await selectVariant(variants[2]);
  gpu = currentGpu();
  vi.spyOn(performance, 'now').mockReturnValue(0); // on a slow machine, too, there is time for all
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(tf.memory().numTensors, 'no tensor is left').toBe(0);
  await expectNoFault('webgpu');
});

/** The tile that is used once the product's programs are compiled, and how often it was measured. */
async function tune(storage: TileStorage) {
  const measured = vi.spyOn(gpu.device, 'createQuerySet');
  measured.mockClear();
  const [a, b, c] = [gpu.zeros([shape.p, shape.r]), gpu.zeros([shape.q, shape.r]), gpu.zeros([shape.p, shape.q])];
  await compileTuned(
    gpu,
    () => multiply(gpu, { form: 'nt', ending: 'set', shape }, { a, b, c }),
    storage,
    () => {},
  );
  for (const { dataId } of [a, b, c]) gpu.backend.disposeData(dataId);
  return { tile: tileFor(gpu, 'nt', shape), measurements: measured.mock.calls.length };
}

/** Makes the programs of all other tiles take twenty times as long. */
function slowOthers(fastest: number): void {
  const run = gpu.run;
  vi.spyOn(gpu, 'run').mockImplementation(function (this: Dispatcher, ...request) {
    const [, tile] = /tiled-(\d+)/.exec(request[0].name) ?? [];
    for (let i = 0; i < (Number(tile) === fastest ? 1 : 20); i++) run.apply(this, request);
  });
}

test.each(tiles)('the fastest tile is chosen and remembered: %i', async (fastest) => {
  slowOthers(fastest);
  const storage = new Map<string, string>();
  const { tile, measurements } = await tune(storage);
  expect(tile).toBe(fastest);
  expect(measurements).toBeGreaterThanOrEqual(tiles.length);
  const [[step, remembered]] = Object.entries(JSON.parse([...storage.values()][0]!)) as [[string, unknown]];
  expect(remembered).toEqual({ [step]: fastest });
  expect(step).toBe(classOf('nt', shape));

  // What is remembered is used and not measured, whatever is the fastest by now.
  vi.mocked(gpu.run).mockRestore();
  slowOthers(tiles[(tiles.indexOf(fastest) + 1) % 3]!);
  expect(await tune(storage)).toEqual({ tile: fastest, measurements: 0 });
});

const fails = () => Promise.reject(new Error('the disk is gone'));
const broken: [string, TileStorage][] = [
  ['that cannot be read', { get: fails, set: () => {} }],
  ['that cannot be written', { get: () => undefined, set: fails }],
  ...['', '{', 'null', '7', '{"a":null}', '{"a":{"b":33}}'].map((value): [string, TileStorage] => [
    `with ${JSON.stringify(value)}`,
    { get: () => value, set: () => {} },
  ]),
];
test.each(broken)('a memory %s does no harm', async (_, storage) => {
  const other = tiles.find((tile) => tile !== ruleFor('nt', shape))!;
  slowOthers(other);
  const { tile, measurements } = await tune(storage);
  expect(tile).toBe(other);
  expect(measurements).toBeGreaterThanOrEqual(tiles.length);
});
