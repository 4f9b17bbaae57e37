/**
 * Which tile a GPU computes a class of matrix products with, where that was measured (tuner.ts), and which products a
 * function asks for.
 */
import type { Dispatcher } from '../device/dispatch.ts';
import type { Ending, Form } from './mat-mul-form.ts';
import type { Tile } from './mat-mul-tiled.ts';

/** Result [p, q], summed over r. */
export type Shape = { p: number; q: number; r: number };

/** A product as it is asked for; how one of the form tn ends follows from its tile. */
export type Asked =
  | { form: 'nt' | 'nn'; ending: Exclude<Ending, 'partial'>; shape: Shape }
  | { form: 'tn'; shape: Shape };

/** Tiles by {@link classOf} a product. */
export type Tiles = Readonly<Record<string, Tile>>;

const chosen = new WeakMap<Dispatcher, Tiles>();
let noted: Asked[] | null = null;

/** Products whose sizes round to the same powers of two are of one class. */
export const classOf = (form: Form, { p, q, r }: Shape): string =>
  [form, ...[p, q, r].map((size) => Math.round(Math.log2(Math.max(1, size))))].join('-');

/** From now on products of these classes have these tiles; what was chosen before is forgotten. */
export function chooseTiles(gpu: Dispatcher, tiles: Tiles): void {
  chosen.set(gpu, tiles);
}

/** The tile that was chosen for a product; undefined where none was. */
export const chosenTile = (gpu: Dispatcher, form: Form, shape: Shape): Tile | undefined =>
  chosen.get(gpu)?.[classOf(form, shape)];

/** The products that `body` asks for, of which none runs. */
export function productsOf(body: () => void): Asked[] {
  const products: Asked[] = [];
  noted = products;
  try {
    body();
  } finally {
    noted = null;
  }
  return products;
}

/** Whether products are only noted, as this one now is. */
export function isNoted(product: Asked): boolean {
  noted?.push(product);
  return noted !== null;
}
