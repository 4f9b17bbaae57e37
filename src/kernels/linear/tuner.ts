/**
 * Chooses the programs for matrix products by measuring them on the device, once for each device, form and class of
 * shapes. Off unless it is called: then the heuristics of mat-mul-plan.ts stand. Variants sum in different orders, so runs
 * with different choices differ in their last bits; a remembered choice keeps them equal.
 */
import type { Dispatcher } from '../device/dispatch.ts';
import type { Form } from './mat-mul-form.ts';
import { addOuterProduct, candidates, chooseVariant, multiply, type Shape, type Variant } from './mat-mul-plan.ts';

/** Where choices outlive the page; values are JSON. A `Map` is one that does not. */
export type TunerStorage = { get: (key: string) => string | undefined; set: (key: string, value: string) => void };

/** Shapes whose sizes round to the same powers of two share a choice. */
const classOf = (form: Form, { p, q, r }: Shape): string =>
  [form, ...[p, q, r].map((size) => Math.round(Math.log2(Math.max(1, size))))].join('-');

/** The device in words. */
function nameOf({ device }: Dispatcher): string {
  const { vendor, architecture, device: name, description } = device.adapterInfo;
  return [vendor, architecture, name, description].join('/');
}

/** Milliseconds of some runs and the read of a word that waits for them. */
async function time(gpu: Dispatcher, repeats: number, run: () => void, probe: GPUBufferBinding): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  await gpu.read({ ...probe, size: 4 });
  return performance.now() - start;
}

/** The fastest variant for one product: each runs once to be compiled, then all in turn; the smallest time counts. */
async function measure(gpu: Dispatcher, form: Form, shape: Shape, budget: number): Promise<Variant> {
  const { p, q, r } = shape;
  const variants = candidates(gpu, form, shape);
  const a = gpu.zeros(form === 'tn' ? [r, p] : [p, r]);
  const b = gpu.zeros(form === 'nt' ? [q, r] : [r, q]);
  const c = gpu.zeros([p, q]);
  const sums = gpu.zeros([p]);
  const run = (variant: Variant) => {
    if (form === 'tn') addOuterProduct(gpu, shape, { a, b, c, sums }, variant);
    else multiply(gpu, { form, ending: 'set', shape }, { a, b, c }, variant);
  };
  const probe = gpu.binding(c);
  const best = variants.map(() => Number.POSITIVE_INFINITY);
  for (const variant of variants) await time(gpu, 1, () => run(variant), probe);
  const start = performance.now();
  for (let round = 0; round === 0 || (round < 5 && performance.now() - start < budget); round++) {
    for (const [i, variant] of variants.entries()) {
      best[i] = Math.min(best[i]!, await time(gpu, 4, () => run(variant), probe));
    }
  }
  for (const { dataId } of [a, b, c, sums]) gpu.backend.disposeData(dataId);
  return variants[best.indexOf(Math.min(...best))]!;
}

/**
 * Measures the variants for the products of a model and makes the fastest the ones that are used from then on.
 * @param products the forms and shapes that a step has; those of one class are measured once
 * @param budget milliseconds for each class, besides compiling and the first round
 */
export async function tuneProducts(
  gpu: Dispatcher,
  products: readonly { form: Form; shape: Shape }[],
  storage: TunerStorage = new Map(),
  budget = 100,
): Promise<void> {
  for (const { form, shape } of products) {
    const key = `${nameOf(gpu)}/${classOf(form, shape)}`;
    const variants = candidates(gpu, form, shape);
    const stored = storage.get(key);
    const known = variants.find((variant) => JSON.stringify(variant) === stored);
    const variant = known ?? (await measure(gpu, form, shape, budget));
    if (!known) storage.set(key, JSON.stringify(variant));
    chooseVariant(gpu, form, shape, variant);
  }
}
