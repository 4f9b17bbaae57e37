/** The compiled programs of a device, by name. */
import { type Program, wgslOf } from './program.ts';

type Known = { layout: GPUBindGroupLayout; pipeline: GPUComputePipeline | null; ready: Promise<void> | null };

export class Pipelines {
  private readonly device: GPUDevice;
  private readonly known = new Map<string, Known>();

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** The program's pipeline and the layout of its bindings; compiles it on the spot if need be. */
  get(program: Program): { layout: GPUBindGroupLayout; pipeline: GPUComputePipeline } {
    const known = this.find(program);
    known.pipeline ??= this.device.createComputePipeline(this.describe(program, known.layout));
    return { layout: known.layout, pipeline: known.pipeline };
  }

  /** Begins to compile the program, without blocking. */
  prepare(program: Program): void {
    const known = this.find(program);
    if (known.pipeline || known.ready) return;
    known.ready = this.device
      .createComputePipelineAsync(this.describe(program, known.layout))
      .then((pipeline) => {
        known.pipeline = pipeline;
      })
      .finally(() => {
        known.ready = null;
      });
  }

  /** What {@link prepare} has begun and not finished. */
  get waiting(): Promise<void>[] {
    return [...this.known.values()].flatMap(({ ready }) => (ready ? [ready] : []));
  }

  private find(program: Program): Known {
    const known = this.known.get(program.name);
    if (known) return known;
    const made = { layout: this.layoutOf(program), pipeline: null, ready: null };
    this.known.set(program.name, made);
    return made;
  }

  private describe(program: Program, layout: GPUBindGroupLayout): GPUComputePipelineDescriptor {
    const module = this.device.createShaderModule({ code: wgslOf(program), label: program.name });
    return {
      label: program.name,
      layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    };
  }

  private layoutOf({ name, buffers, uniforms }: Program): GPUBindGroupLayout {
    const entries = Object.values(buffers).map((use, binding): GPUBindGroupLayoutEntry => {
      const type = use.startsWith('read ') ? 'read-only-storage' : 'storage';
      return { binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } };
    });
    if (Object.keys(uniforms).length > 0) {
      entries.push({ binding: entries.length, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } });
    }
    return this.device.createBindGroupLayout({ label: name, entries });
  }
}
