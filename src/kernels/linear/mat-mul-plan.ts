/**
 * Runs matrix products on WebGPU: which program and tile for which shape and device, and products summed over many rows
 * in slices whose partial sums are added in a second dispatch, always in the same order.
 */
import type * as tf from '@tensorflow/tfjs';
import type { Bound, Dispatcher } from '../device/dispatch.ts';
import { flatGroups, flatMain, type Program } from '../device/program.ts';
import type { Ending, Form, Product } from './mat-mul-form.ts';
import { groupSize, type Registers, registersProgram } from './mat-mul-registers.ts';
import { type Tile, tiledProgram } from './mat-mul-tiled.ts';
import { chosenTile, isNoted, type Shape } from './tile-choices.ts';

export type Variant = { kind: 'tiled'; tile: Tile } | ({ kind: 'registers' } & Registers);

/** Whether the rows of all three matrices are multiples of four floats. */
const isAligned = (form: Form, { p, q, r }: Shape) => (form === 'tn' ? p : r) % 4 === 0 && q % 4 === 0;

/** Workgroups that keep a large GPU busy. */
const busy = 192;

const registers = (rows: number, quads: number, lanes: 1 | 4): Variant => ({ kind: 'registers', rows, quads, lanes });
export const tiled = (tile: Tile): Variant => ({ kind: 'tiled', tile });

/** The small and the large tile of a device that computes in software; the compiler of such a device is slow, too. */
function registersFor(gpu: Dispatcher, form: Form, shape: Shape): [small: Variant, large: Variant] {
  const alone = (variant: Variant): [Variant, Variant] => [variant, variant];
  if (!isAligned(form, shape)) return alone(registers(4, 1, 1)); // small as a rule
  if (!gpu.device.features.has('subgroups')) return alone(registers(8, 2, 1));
  return [registers(16, 1, 4), registers(32, 4, 4)];
}

/** The tile of a product on a GPU, by rule: the largest that makes enough workgroups. */
export function ruleFor(form: Form, { p, q }: Shape): Tile {
  const tiles = (tile: number) => Math.ceil(p / tile) * Math.ceil(q / tile);
  if (form === 'tn') return tiles(128) >= 16 ? 128 : 64; // slices make it enough
  return tiles(128) >= busy ? 128 : tiles(64) >= busy ? 64 : 32;
}

/** The tile of a product on a GPU: as measured, where it was (tuner.ts), else by rule. */
export const tileFor = (gpu: Dispatcher, form: Form, shape: Shape): Tile =>
  chosenTile(gpu, form, shape) ?? ruleFor(form, shape);

/** The variant for a product. */
export function variantFor(gpu: Dispatcher, form: Form, shape: Shape): Variant {
  if (!gpu.software) return tiled(tileFor(gpu, form, shape));
  const [small, large] = registersFor(gpu, form, shape);
  return shape.p * shape.q * shape.r < 2 ** 22 ? small : large;
}

const programs = new Map<string, Program>();

/** @throws Error where rows of halves do not divide into fours */
function programFor(product: Product, variant: Variant): Program {
  if (product.storage === 'float16' && !product.aligned) throw new Error('products of halves have rows of fours');
  const key = JSON.stringify([product, variant]);
  const known = programs.get(key);
  if (known) return known;
  const made = variant.kind === 'tiled' ? tiledProgram(product, variant.tile) : registersProgram(product, variant);
  programs.set(key, made);
  return made;
}

/** Tiles of a result, and the workgroups for them. */
function tilesOf({ p, q }: Shape, variant: Variant): { tiles: number; groups: [number, number] } {
  if (variant.kind === 'tiled') {
    const groups: [number, number] = [Math.ceil(q / variant.tile), Math.ceil(p / variant.tile)];
    return { tiles: groups[0] * groups[1], groups };
  }
  const tiles = Math.ceil(p / variant.rows) * Math.ceil(q / (4 * variant.quads * variant.lanes));
  const [x, y] = flatGroups(groupSize, tiles * variant.lanes);
  return { tiles, groups: [x, y] };
}

/**
 * C = A · Bᵀ or A · B, with an ending; see mat-mul-form.ts.
 * @param buffers a, b, c, and what the ending needs; c and u lie in memory as a does
 */
export function multiply(
  gpu: Dispatcher,
  { form, ending, shape }: { form: 'nt' | 'nn'; ending: Exclude<Ending, 'partial'>; shape: Shape },
  buffers: Record<string, Bound> & { a: tf.TensorInfo },
  variant = variantFor(gpu, form, shape),
): void {
  if (isNoted({ form, ending, shape })) return;
  const { groups } = tilesOf(shape, variant);
  const product = { form, ending, aligned: isAligned(form, shape), storage: gpu.storageOf(buffers.a) };
  const program = programFor(product, variant);
  gpu.run(program, buffers, { ...shape, slice: shape.r }, [...groups, 1]);
}

const addPartials: Program = {
  name: 'product-add-partials',
  buffers: { partials: 'read f32', sums: 'read f32', c: 'write f32', c_sums: 'write f32' },
  uniforms: { size: 'u32', rows: 'u32', slices: 'u32' },
  code: `${flatMain(64, 'i')}
  var total = 0.0;
  if (i < uniforms.size) {
    for (var slice = 0u; slice < uniforms.slices; slice++) { total += partials[slice * uniforms.size + i]; }
    c[i] += total;
  } else if (i - uniforms.size < uniforms.rows) {
    let row = i - uniforms.size;
    for (var slice = 0u; slice < uniforms.slices; slice++) { total += sums[slice * uniforms.rows + row]; }
    c_sums[row] += total;
  }
}`,
};

/** C += Aᵀ · B and sums += Σ A over R, the gradients of a weight and its bias: `a` is [r, p], `b` [r, q], stored alike, `c` [p, q], `sums` [p]. */
export function addOuterProduct(
  gpu: Dispatcher,
  shape: Shape,
  { a, b, c, sums }: { a: tf.TensorInfo; b: tf.TensorInfo; c: Bound; sums: Bound },
  variant = variantFor(gpu, 'tn', shape),
): void {
  if (isNoted({ form: 'tn', shape })) return;
  const { p, q, r } = shape;
  const { tiles, groups } = tilesOf(shape, variant);
  const wanted = Math.ceil((gpu.software ? 8 : busy) / tiles);
  const slice = 16 * Math.ceil(Math.max(64, r / wanted) / 16); // steps; fewer are not worth a partial sum
  const slices = Math.ceil(r / slice);
  const product = { form: 'tn', aligned: isAligned('tn', shape), storage: gpu.storageOf(a) } as const;
  if (slices === 1) {
    const program = programFor({ ...product, ending: 'outer' }, variant);
    gpu.run(program, { a, b, c, sums }, { ...shape, slice }, [...groups, 1]);
    return;
  }
  const partials = gpu.create([slices, p, q]);
  const partialSums = gpu.create([slices, p]);
  const program = programFor({ ...product, ending: 'partial' }, variant);
  gpu.run(program, { a, b, c: partials, sums: partialSums }, { ...shape, slice }, [...groups, slices]);
  const inputs = { partials, sums: partialSums, c, c_sums: sums };
  gpu.run(addPartials, inputs, { size: p * q, rows: p, slices }, flatGroups(64, p * q + p));
  for (const partial of [partials, partialSums]) gpu.backend.disposeData(partial.dataId);
}
