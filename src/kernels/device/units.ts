/** Rows in WGSL: what an invocation reads and computes with at a time, four elements where rows divide into fours. */

/** What an invocation computes with at a time. */
export type Unit = 'vec4f' | 'f32';

/** Units that a row of `width` elements is made of. */
export const unitOf = (width: number): Unit => (width % 4 === 0 ? 'vec4f' : 'f32');
export const unitsOf = (width: number): number => (width % 4 === 0 ? width / 4 : width);

/** `Unit`, the constants of a row, and functions of a unit. */
export function unitWgsl(width: number): string {
  const unit = unitOf(width);
  const total = unit === 'vec4f' ? '(v.x + v.y) + (v.z + v.w)' : 'v';
  return `alias Unit = ${unit};
const units = ${unitsOf(width)}u;
const width = ${width}.0;
fn total(v : Unit) -> f32 { return ${total}; }`;
}
