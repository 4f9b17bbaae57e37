/** An optimiser whose parameters, gradients and memory lie in an arena on the WebGPU device: a step of it is two dispatches. */
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../contract/catalogue.ts';
import type { Dispatcher } from '../kernels/device/dispatch.ts';
import { adjustLossScale, scaleGradient, startLossScale } from '../kernels/update/loss-scale.ts';
import type { ParameterArena, TrainingChunk } from '../kernels/update/parameter-arena.ts';
import { createJournal, type JournalEntry, JournalReader, writeJournal } from '../kernels/update/step-journal.ts';
import {
  blockFloats,
  type Chunk,
  sumGradientSquares,
  type UpdateRule,
  updateParameters,
} from '../kernels/update/update-parameters.ts';
import { partialsOfChunk } from '../kernels/update/update-threads.ts';
import { beta1, beta2, epsilon } from './adamw.ts';
import { isFrozen, layerRate } from './layers.ts';
import { isDecayed, type OptimizerSnapshot } from './optimizer.ts';

/** Steps whose loss and norm are kept until they are read. */
const journalSteps = 64;

type Settings = Pick<
  RunConfig,
  'optimizer' | 'weightDecay' | 'momentum' | 'maxGradNorm' | 'layerDecay' | 'freezeEmbeddings' | 'freezeLayers'
>;

export class DeviceOptimizer {
  /** The loss of the step so far, one float; whoever computes it adds to it. */
  readonly loss: GPUBufferBinding;
  private readonly gpu: Dispatcher;
  private readonly arena: ParameterArena;
  private readonly rule: UpdateRule;
  private readonly training: TrainingChunk[];
  private readonly chunks: Chunk[];
  private readonly partials: GPUBuffer;
  private readonly journal;
  private readonly reader: JournalReader;
  private updates = 0;

  /**
   * @param layers of the encoder, for learning rates that fall with depth
   * @param scaled whether gradients pass through halves: they need a loss scale, see {@link scaled}
   */
  constructor(gpu: Dispatcher, arena: ParameterArena, config: Settings, layers: number, scaled: boolean) {
    const { optimizer: kind, momentum, maxGradNorm } = config;
    this.gpu = gpu;
    this.arena = arena;
    this.rule = { kind, beta1, beta2, epsilon, momentum, maxGradNorm, scaled };
    this.training = arena.startTraining(kind === 'sgd' ? 1 : 2);
    this.chunks = this.training.map(({ parameters, gradients, slots: [m, v], blocks }, chunk) => ({
      floats: blocks * blockFloats,
      parameters: { buffer: parameters },
      gradients: { buffer: gradients },
      m: { buffer: m! },
      v: v ? { buffer: v } : null,
      groups: { buffer: this.upload(this.groupsOf(chunk, blocks, config, layers)) },
    }));
    this.partials = this.upload(new Float32Array(partialsOfChunk * this.chunks.length));
    this.loss = { buffer: this.upload(new Float32Array(1)) };
    this.journal = createJournal(gpu.device, journalSteps);
    if (scaled) startLossScale(gpu.device.queue, this.journal);
    this.reader = new JournalReader(gpu.device, this.journal);
  }

  /** Of gradients, the optimiser's memory and what the update reads beside them. */
  get bytes(): number {
    const buffers = this.training.flatMap(({ gradients, slots }) => [gradients, ...slots]);
    const others = [...this.chunks.map(({ groups }) => groups.buffer), this.partials, this.loss.buffer];
    return [...buffers, ...others, this.journal.buffer].reduce((sum, { size }) => sum + size, 0);
  }

  /** Begins a step: gradients and loss are zeros. */
  begin(): void {
    for (const { gradients } of this.chunks) this.gpu.clear(gradients);
    this.gpu.clear(this.loss);
  }

  /** The loss that gradients are to be taken of: the same, whose gradient is scaled where gradients are. */
  scaled(loss: tf.Scalar): tf.Scalar {
    if (!this.rule.scaled) return loss;
    return scaleGradient(loss, tf.reshape(this.gpu.adopt(this.journal.buffer, 1, 'float32'), []));
  }

  /**
   * Ends a step: clips, updates and submits.
   * @returns its loss and its norm before clipping, once the device is done; where one is not finite nothing was updated,
   * and nothing is from then on, but where {@link isSkipped}
   */
  update(learningRate: number): Promise<JournalEntry> {
    const step = ++this.updates;
    this.gpu.submit();
    writeJournal(this.gpu.device.queue, this.journal, { step, learningRate, beta1, beta2 });
    this.runUpdate();
    this.gpu.submit();
    return this.reader.entryOf(step);
  }

  /** The dispatches of {@link update}, with the scalars that are in the journal. */
  runUpdate(): void {
    const { software } = this.gpu;
    const partials = { buffer: this.partials };
    for (const [i, chunk] of this.chunks.entries()) sumGradientSquares(this.gpu, chunk, partials, i, software);
    const inputs = { partials, chunks: this.chunks.length, loss: this.loss };
    for (const chunk of this.chunks) updateParameters(this.gpu, chunk, inputs, this.journal, this.rule, software);
    if (this.rule.scaled) adjustLossScale(this.gpu, this.journal, this.rule);
  }

  /** The memory of every parameter, once all that was submitted is done. */
  async save(): Promise<OptimizerSnapshot> {
    const buffers = this.training.map(({ slots }) => slots);
    const read = await Promise.all(
      buffers.map((slots) => Promise.all(slots.map((buffer) => this.gpu.read({ buffer })))),
    );
    const slots = new Map(
      [...this.arena.places].map(([name, { chunk, offset, floats }]) => [
        name,
        read[chunk]!.map((bytes) => new Float32Array(bytes, 4 * offset, floats).slice()),
      ]),
    );
    return { step: this.updates, slots };
  }

  /** Puts back what {@link save} gave, before the first update. */
  restore({ step, slots }: OptimizerSnapshot): void {
    this.updates = step;
    for (const [name, values] of slots) {
      const { chunk, offset } = this.arena.places.get(name)!;
      for (const [i, each] of values.entries()) {
        const buffer = this.training[chunk]!.slots[i]!;
        this.gpu.device.queue.writeBuffer(buffer, 4 * offset, each.buffer, each.byteOffset, each.byteLength);
      }
    }
  }

  dispose(): void {
    this.gpu.submit();
    this.reader.finish();
    this.arena.endTraining(this.training);
    for (const { groups } of this.chunks) groups.buffer.destroy();
    for (const buffer of [this.partials, this.loss.buffer, this.journal.buffer]) buffer.destroy();
  }

  /** Each block's share of the learning rate, 0 where it is frozen or belongs to no parameter, and its decay. */
  private groupsOf(chunk: number, blocks: number, config: Settings, layers: number): Float32Array<ArrayBuffer> {
    const groups = new Float32Array(2 * blocks);
    for (const [name, place] of this.arena.places) {
      if (place.chunk !== chunk || isFrozen(name, config)) continue;
      const rate = layerRate(name, layers, config.layerDecay);
      const decay = isDecayed(name) ? config.weightDecay : 0;
      const end = (place.offset + place.floats) / blockFloats;
      for (let block = Math.floor(place.offset / blockFloats); block < end; block++) {
        groups.set([rate, decay], 2 * block);
      }
    }
    return groups;
  }

  private upload(values: Float32Array<ArrayBuffer>): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const buffer = this.gpu.device.createBuffer({ size: values.byteLength, usage });
    this.gpu.device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }
}
