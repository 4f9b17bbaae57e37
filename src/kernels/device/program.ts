/**
 * A WGSL program: which buffers and uniforms it binds, and its code. The declarations of both are written from the
 * description, so that code and bindings cannot disagree.
 */

import { halvesWgsl } from './storage.ts';

/** What an array of a storage buffer holds; `half4`: four halves (storage.ts), bound to half tensors alone. */
type Element = 'f32' | 'i32' | 'u32' | 'f16' | 'vec4f' | 'vec4i' | 'vec4h' | 'vec2u' | 'vec2f' | 'half4';

type Uniform = 'u32' | 'i32' | 'f32';

export type Program = {
  /** What the program is and does, with whatever its code depends on: programs of the same name are the same. */
  name: string;
  /** Storage buffers by name, in the order of their bindings: `read` ones, or `write` ones that may be read, too. */
  buffers: Record<string, `${'read' | 'write'} ${Element}`>;
  /** Read as `uniforms.<name>`. */
  uniforms: Record<string, Uniform>;
  enable?: readonly ('f16' | 'subgroups')[];
  /**
   * The code with its entry point `main`. It sees the buffers under their names, and `flat_group(workgroup_id,
   * num_workgroups) : u32`, the number of a workgroup of a {@link grid}.
   */
  code: string;
};

/** Workgroups that WebGPU allows in one dimension of a dispatch. */
const widest = 65_535;

/** Workgroup counts for `groups` of them, in two dimensions where one is too small; a last row may be too long. */
export function grid(groups: number): [number, number, number] {
  const rows = Math.ceil(groups / widest);
  return [Math.ceil(groups / rows), rows, 1];
}

/**
 * The beginning of the entry point with so many invocations a workgroup, up to its opening brace. Behind it stand `group`
 * and `groups`, the arguments of `flat_group`, and `local`, the invocation's number in its workgroup.
 */
export const mainWgsl = (size: number): string => `@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) group : vec3u, @builtin(num_workgroups) groups : vec3u,
        @builtin(local_invocation_index) local : u32) {`;

/** {@link mainWgsl} where `index` is the invocation's number in the whole {@link flatGroups}. */
export const flatMain = (size: number, index: string): string => `${mainWgsl(size)}
  let ${index} = flat_group(group, groups) * ${size}u + local;`;

/** Workgroup counts for at least so many invocations, in groups of `size`. */
export const flatGroups = (size: number, invocations: number): [number, number, number] =>
  grid(Math.ceil(invocations / size));

/** Bytes of the program's uniforms; WebGPU wants a multiple of 16. */
export function uniformBytes({ uniforms }: Program): number {
  return Math.ceil((Object.keys(uniforms).length * 4) / 16) * 16;
}

/** The whole WGSL of a program. */
export function wgslOf(program: Program): string {
  const { enable = [], buffers, uniforms, code } = program;
  const lines = enable.map((feature) => `enable ${feature};`);
  const names = Object.entries(buffers);
  for (const [i, [name, use]] of names.entries()) {
    const [access, element] = use.split(' ');
    const cell = element === 'half4' ? 'vec2u' : element;
    lines.push(
      `@group(0) @binding(${i}) var<storage, ${access === 'read' ? 'read' : 'read_write'}> ${name} : array<${cell}>;`,
    );
  }
  if (names.some(([, use]) => use.endsWith('half4'))) lines.push(halvesWgsl);
  const fields = Object.entries(uniforms);
  if (fields.length > 0) {
    lines.push(`struct Uniforms { ${fields.map(([name, type]) => `${name} : ${type},`).join(' ')} }`);
    lines.push(`@group(0) @binding(${names.length}) var<uniform> uniforms : Uniforms;`);
  }
  lines.push('fn flat_group(group : vec3u, groups : vec3u) -> u32 { return group.x + group.y * groups.x; }');
  return `${lines.join('\n')}\n${code}`;
}

/** Writes the values of the program's uniforms into `view` at `offset`. */
export function writeUniforms(
  { name, uniforms }: Program,
  values: Readonly<Record<string, number>>,
  view: DataView,
  offset: number,
): void {
  let at = offset;
  for (const [field, type] of Object.entries(uniforms)) {
    const value = values[field];
    if (value === undefined) throw new Error(`program ${name} was run without its uniform ${field}`);
    if (type === 'f32') view.setFloat32(at, value, true);
    else view.setInt32(at, value, true); // the bits of a u32 above 2³¹ are kept
    at += 4;
  }
}
