/**
 * Runs matrix products on WebGPU: which program and tile for which shape and device, and products summed over many rows
 * in slices whose partial sums are added in a second dispatch, always in the same order.
 */
import type * as tf from '@tensorflow/tfjs';
import type { Dispatcher } from '../device/dispatch.ts';
import { flatGroups, flatMain, type Program } from '../device/program.ts';
import type { Ending, Form, Product } from './mat-mul-form.ts';
import { groupSize, type Registers, registersProgram } from './mat-mul-registers.ts';
import { type Tile, tiledProgram } from './mat-mul-tiled.ts';

export type Variant = { kind: 'tiled'; tile: Tile } | ({ kind: 'registers' } & Registers);

/** Result [p, q], summed over r. */
export type Shape = { p: number; q: number; r: number };

/** Whether the rows of all three matrices are multiples of four floats. */
const isAligned = (form: Form, { p, q, r }: Shape) => (form === 'tn' ? p : r) % 4 === 0 && q % 4 === 0;

/** Workgroups that keep a large GPU busy. */
const busy = 192;

const registers = (rows: number, quads: number, lanes: 1 | 4): Variant => ({ kind: 'registers', rows, quads, lanes });
const tiled = (tile: Tile): Variant => ({ kind: 'tiled', tile });

/** The variants that may be fastest on the device. */
export function candidates(gpu: Dispatcher, form: Form, shape: Shape): Variant[] {
  if (!gpu.software) return [tiled(32), tiled(64), tiled(128)];
  // The compiler of such a device is slow, too: what is not aligned is small as a rule.
  if (!isAligned(form, shape)) return [registers(4, 1, 1)];
  if (!gpu.device.features.has('subgroups')) return [registers(8, 2, 1)];
  return [registers(16, 1, 4), registers(32, 4, 4)];
}

/** Choices that were measured, by form and shape. */
const chosen = new WeakMap<Dispatcher, Map<string, Variant>>();

const keyOf = (form: Form, { p, q, r }: Shape) => `${form} ${p} ${q} ${r}`;

/** From now on `variant` is used for the product. */
export function chooseVariant(gpu: Dispatcher, form: Form, shape: Shape, variant: Variant): void {
  const choices = chosen.get(gpu) ?? new Map<string, Variant>();
  chosen.set(gpu, choices.set(keyOf(form, shape), variant));
}

/** The variant for a product: the chosen one, else by rule; a GPU wants the largest tile that makes enough workgroups. */
export function variantFor(gpu: Dispatcher, form: Form, shape: Shape): Variant {
  const choice = chosen.get(gpu)?.get(keyOf(form, shape));
  if (choice) return choice;
  const { p, q, r } = shape;
  if (gpu.software) {
    const [small, large = small] = candidates(gpu, form, shape);
    return p * q * r < 2 ** 22 ? small! : large!;
  }
  const tiles = (tile: number) => Math.ceil(p / tile) * Math.ceil(q / tile);
  if (form === 'tn') return tiled(tiles(128) >= 16 ? 128 : 64); // slices make it enough
  return tiled(tiles(128) >= busy ? 128 : tiles(64) >= busy ? 64 : 32);
}

const programs = new Map<string, Program>();

function programFor(product: Product, variant: Variant): Program {
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
 * @param buffers a, b, c, and what the ending needs
 */
export function multiply(
  gpu: Dispatcher,
  { form, ending, shape }: { form: 'nt' | 'nn'; ending: Exclude<Ending, 'partial'>; shape: Shape },
  buffers: Record<string, tf.TensorInfo>,
  variant = variantFor(gpu, form, shape),
): void {
  const { groups } = tilesOf(shape, variant);
  const program = programFor({ form, ending, aligned: isAligned(form, shape) }, variant);
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

/** C += Aᵀ · B and sums += Σ A over R, the gradients of a weight and its bias: `a` is [r, p], `b` [r, q], `c` [p, q], `sums` [p]. */
export function addOuterProduct(
  gpu: Dispatcher,
  shape: Shape,
  { a, b, c, sums }: Record<'a' | 'b' | 'c' | 'sums', tf.TensorInfo>,
  variant = variantFor(gpu, 'tn', shape),
): void {
  const { p, q, r } = shape;
  const { tiles, groups } = tilesOf(shape, variant);
  const wanted = Math.ceil((gpu.software ? 8 : busy) / tiles);
  const slice = 16 * Math.ceil(Math.max(64, r / wanted) / 16); // steps; fewer are not worth a partial sum
  const slices = Math.ceil(r / slice);
  const aligned = isAligned('tn', shape);
  if (slices === 1) {
    const program = programFor({ form: 'tn', ending: 'outer', aligned }, variant);
    gpu.run(program, { a, b, c, sums }, { ...shape, slice }, [...groups, 1]);
    return;
  }
  const partials = gpu.create([slices, p, q]);
  const partialSums = gpu.create([slices, p]);
  const program = programFor({ form: 'tn', ending: 'partial', aligned }, variant);
  gpu.run(program, { a, b, c: partials, sums: partialSums }, { ...shape, slice }, [...groups, slices]);
  const inputs = { partials, sums: partialSums, c, c_sums: sums };
  gpu.run(addPartials, inputs, { size: p * q, rows: p, slices }, flatGroups(64, p * q + p));
  for (const partial of [partials, partialSums]) gpu.backend.disposeData(partial.dataId);
}
