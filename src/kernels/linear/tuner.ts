/**
 * Chooses the tiles of matrix products on a GPU by measuring them, for the products that a step has, and remembers them for
 * each device. Tiles sum in different orders, so the choice is part of what makes losses reproducible bit for bit: it is
 * remembered by the step's whole set of products, and what other steps were measured to want does not change it.
 */
import type { Dispatcher } from '../device/dispatch.ts';
import { wgslOf } from '../device/program.ts';
import { timeOnDevice } from '../device/stopwatch.ts';
import { addOuterProduct, multiply, ruleFor, tiled, tileFor } from './mat-mul-plan.ts';
import { type Tile, tiledProgram } from './mat-mul-tiled.ts';
import { type Asked, chooseTiles, classOf, productsOf, type Tiles } from './tile-choices.ts';

/** Where choices outlive a run. A `Map` is one; what fails is as good as none. */
export type TileStorage = {
  get: (key: string) => string | undefined | Promise<string | undefined>;
  set: (key: string, value: string) => unknown;
};

const allTiles: readonly Tile[] = [32, 64, 128];
/** Milliseconds for all measurements of a step. */
const budget = 900;
/** Milliseconds that are long enough to be compared on a clock of 0.1 ms. */
const long = 5;
/** Another tile than the rule's has to be faster by more than the clock errs. */
const margin = 0.95;
/** Steps that are remembered; the earliest go first. */
const keptSteps = 100;

/** The device in words, and the programs by a hash (FNV-1a): what was measured of other ones says nothing. */
function nameOf({ device }: Dispatcher): string {
  const { vendor, architecture, device: name, description } = device.adapterInfo;
  let hash = 0x811c9dc5;
  for (const tile of allTiles) {
    for (const form of ['nt', 'nn', 'tn'] as const) {
      const ending = form === 'tn' ? 'partial' : 'set';
      for (const character of wgslOf(tiledProgram({ form, ending, aligned: true, storage: 'float32' }, tile))) {
        hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
      }
    }
  }
  return [vendor, architecture, name, description, (hash >>> 0).toString(16)].filter(Boolean).join(' ');
}

/** What is remembered of a device, by the classes of a step's products. */
async function recall(storage: TileStorage, device: string): Promise<Record<string, Tiles>> {
  try {
    const stored: unknown = JSON.parse((await storage.get(device)) ?? '{}');
    const steps = Object.entries(stored ?? {}).map(([step, tiles]) => {
      const known = Object.entries(tiles ?? {}).flatMap(([name, size]) => {
        const tile = allTiles.find((each) => each === size);
        return tile ? [[name, tile] as const] : [];
      });
      return [step, Object.fromEntries(known)] as const;
    });
    return Object.fromEntries(steps);
  } catch {
    return {};
  }
}

/** A product on tensors of its own, all zeros; to be disposed. */
function place(gpu: Dispatcher, product: Asked) {
  const { form, shape } = product;
  const { p, q, r } = shape;
  const a = gpu.zeros(form === 'tn' ? [r, p] : [p, r]);
  const b = gpu.zeros(form === 'nt' ? [q, r] : [r, q]);
  const [c, u, bias, sums] = [gpu.zeros([p, q]), gpu.zeros([p, q]), gpu.zeros([q]), gpu.zeros([p])];
  return {
    probe: { ...gpu.binding(sums), size: 4 },
    run: (tile: Tile) => {
      if (product.form === 'tn') addOuterProduct(gpu, shape, { a, b, c, sums }, tiled(tile));
      else multiply(gpu, product, { a, b, c, u, bias }, tiled(tile));
    },
    dispose: () => {
      for (const { dataId } of [a, b, c, u, bias, sums]) gpu.backend.disposeData(dataId);
    },
  };
}

/**
 * The fastest tile for one product, whose programs are compiled; null where it does not end before `limit.end`.
 * Drivers may finish compiling when a program first runs: the end is put off by what is not the device's work then.
 */
async function measure(gpu: Dispatcher, product: Asked, limit: { end: number }): Promise<Tile | null> {
  const rule = ruleFor(product.form, product.shape);
  const placed = place(gpu, product);
  const times = new Map<Tile, number>();
  const time = async (tile: Tile, repeats: number) => {
    const body = () => {
      for (let i = 0; i < repeats; i++) placed.run(tile);
    };
    return (await timeOnDevice(gpu, body, placed.probe)) / repeats;
  };
  try {
    for (const tile of allTiles) {
      const start = performance.now();
      if (start > limit.end) return null;
      const first = await time(tile, 1);
      limit.end += Math.max(0, performance.now() - start - first);
      times.set(tile, first);
    }
    const repeats = Math.min(200, Math.ceil(long / Math.max(0.01, Math.min(...times.values()))));
    if (repeats > 1) times.clear(); // the first run of a program takes longer, and a short one is not measured
    for (let round = 0; round < (repeats > 1 ? 2 : 0); round++) {
      for (const tile of allTiles) {
        if (performance.now() > limit.end) return null;
        times.set(tile, Math.min(times.get(tile) ?? Number.POSITIVE_INFINITY, await time(tile, repeats)));
      }
    }
  } finally {
    placed.dispose();
  }
  const best = allTiles.reduce((best, tile) => (times.get(tile)! < times.get(best)! ? tile : best), rule);
  return times.get(best)! < margin * times.get(rule)! ? best : rule;
}

const work = ({ shape: { p, q, r } }: Asked): number => p * q * r;

/** One product for each class, the most work first: where time runs out, the rule stands for the rest. */
function classesOf(products: readonly Asked[]): Map<string, Asked> {
  const sorted = products.toSorted((a, b) => work(a) - work(b)); // so that the last of a class has the most
  return new Map([...new Map(sorted.map((each) => [classOf(each.form, each.shape), each]))].reverse());
}

/**
 * Compiles what `body` runs, as the dispatcher does; on a GPU with the tiles that are the fastest for its products, which
 * are from then on used for products of their classes. What is not remembered is measured, within a second. Where
 * anything of that fails, the rule stands.
 */
export async function compileTuned(
  gpu: Dispatcher,
  body: () => void,
  storage: TileStorage,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  chooseTiles(gpu, {});
  if (gpu.software) return gpu.compile(body, onProgress);
  try {
    await tune(gpu, body, storage, onProgress);
  } catch {
    chooseTiles(gpu, {});
    await gpu.compile(body, onProgress);
  }
}

async function tune(
  gpu: Dispatcher,
  body: () => void,
  storage: TileStorage,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  let products: Asked[] = [];
  const others = gpu.compile(() => {
    products = productsOf(body);
  });
  others.catch(() => {}); // it is awaited below
  const classes = classesOf(products);
  const device = nameOf(gpu);
  const step = [...classes.keys()].toSorted().join(' ');
  const remembered = await recall(storage, device);
  const known = remembered[step];
  chooseTiles(gpu, known ?? {});
  const compileProducts = () => {
    for (const product of products) {
      const placed = place(gpu, product);
      for (const tile of known ? [tileFor(gpu, product.form, product.shape)] : allTiles) placed.run(tile);
      placed.dispose();
    }
  };
  const toMeasure = known ? 0 : classes.size;
  let compiled = 0;
  await gpu.compile(compileProducts, (done, total) => {
    compiled = total;
    onProgress(done, total + toMeasure);
  });
  await others;
  if (known) return;
  const tiles: Record<string, Tile> = {};
  const limit = { end: performance.now() + budget };
  let measured = 0;
  for (const [name, product] of classes) {
    const tile = await measure(gpu, product, limit);
    if (tile) tiles[name] = tile;
    onProgress(compiled + ++measured, compiled + toMeasure);
  }
  gpu.trim();
  chooseTiles(gpu, tiles);
  const kept = Object.entries({ ...remembered, [step]: tiles }).slice(-keptSteps);
  try {
    await storage.set(device, JSON.stringify(Object.fromEntries(kept)));
  } catch {} // it is measured again next time
}
