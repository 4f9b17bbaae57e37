/**
 * The one small buffer through which the CPU and the update of a step talk: the step's scalars go in before it is
 * submitted; its loss and gradient norm come out in a ring, to be read whenever it suits. Words of 32 bits:
 *   0 loss scale (loss-scale.ts; first, so that a tensor can stand for it), 0 where there is none · 1 step · 2 learning rate ·
 *   3 1 / (1 − β₁ᵗ) · 4 1 / (1 − β₂ᵗ) · 5 the first step that was not finite, 0 while there is none · of the loss scale: 6 good
 *   steps since it changed, 7 and 8 β₁ᵘ and β₂ᵘ after u updates that were not left out · 9 – 11 unused ·
 *   12 + 3k … 14 + 3k loss, norm and loss scale of the steps with step mod capacity = k.
 */

/** Where in the journal, in words; `entry`: words of a step in the ring. */
export const journalWords = {
  lossScale: 0,
  step: 1,
  failed: 5,
  good: 6,
  power1: 7,
  power2: 8,
  ring: 12,
  entry: 3,
} as const;

/** WGSL: a number whose exponent has all bits set is infinite or none at all; comparisons of floats may be optimised away. */
export const finiteWgsl = (value: string) => `(bitcast<u32>(${value}) & 0x7f800000u) != 0x7f800000u`;

export type Journal = { buffer: GPUBuffer /** Steps whose results are kept. */; capacity: number };

export type JournalStep = {
  /** Updates done, this one included: 1, 2, … */
  step: number;
  learningRate: number;
  /** Of Adam and AdamW. */
  beta1: number;
  beta2: number;
};

/** `lossScale`: the one that the step's gradients had, null where they have none. */
export type JournalEntry = { loss: number; gradNorm: number; lossScale: number | null };

export function createJournal(device: GPUDevice, capacity: number): Journal {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const { ring, entry } = journalWords;
  return { buffer: device.createBuffer({ size: 4 * (ring + entry * capacity), usage }), capacity };
}

/**
 * Sets the scalars of the next step. It takes effect ahead of every command that is not submitted yet: submit the step
 * before, and then write.
 */
export function writeJournal(
  queue: GPUQueue,
  { buffer }: Journal,
  { step, learningRate, beta1, beta2 }: JournalStep,
): void {
  const words = new DataView(new ArrayBuffer(16));
  words.setUint32(0, step, true);
  words.setFloat32(4, learningRate, true);
  words.setFloat32(8, 1 / (1 - beta1 ** step), true);
  words.setFloat32(12, 1 / (1 - beta2 ** step), true);
  queue.writeBuffer(buffer, 4 * journalWords.step, words.buffer);
}

/** Lets updates happen again after a step that was not finite. */
export function clearFailure(queue: GPUQueue, { buffer }: Journal): void {
  queue.writeBuffer(buffer, 4 * journalWords.failed, new Uint32Array(1));
}

/**
 * Reads the journal once all that was submitted is done.
 * @returns the first step that was not finite, or null, and the entry of a step: one of the last `capacity`
 */
export async function readJournal(
  device: GPUDevice,
  { buffer, capacity }: Journal,
): Promise<{ failedAt: number | null; entryOf: (step: number) => JournalEntry }> {
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const staging = device.createBuffer({ size: buffer.size, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const words = staging.getMappedRange().slice(0);
  staging.destroy();
  const failed = new Uint32Array(words)[journalWords.failed]!;
  const ring = new Float32Array(words, 4 * journalWords.ring);
  return {
    failedAt: failed === 0 ? null : failed,
    entryOf: (step) => {
      const at = journalWords.entry * (step % capacity);
      return { loss: ring[at]!, gradNorm: ring[at + 1]!, lossScale: ring[at + 2]! || null };
    },
  };
}

/**
 * Hands out steps' entries; while one read is under way, whatever is asked for meanwhile shares the next one. Where reads
 * are slow (Firefox), many steps share one.
 */
export class JournalReader {
  private readonly device: GPUDevice;
  private readonly journal: Journal;
  private waiting: { step: number; resolve: (entry: JournalEntry) => void; reject: (reason: unknown) => void }[] = [];
  private underWay = 0;

  constructor(device: GPUDevice, journal: Journal) {
    this.device = device;
    this.journal = journal;
  }

  /** The entry of a step; to be asked for as soon as the step is submitted, and before the next one is. */
  entryOf(step: number): Promise<JournalEntry> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ step, resolve, reject });
      // One more step, and the first of them would be written over.
      const full = this.waiting.length === this.journal.capacity;
      if (this.underWay === 0 || full) void this.read();
    });
  }

  /** Begins to read all that is asked for; the journal may be destroyed then. */
  finish(): void {
    if (this.waiting.length > 0) void this.read();
  }

  private async read(): Promise<void> {
    const served = this.waiting;
    this.waiting = [];
    this.underWay++;
    try {
      const { entryOf } = await readJournal(this.device, this.journal);
      for (const { step, resolve } of served) resolve(entryOf(step));
    } catch (error) {
      for (const { reject } of served) reject(error);
    }
    this.underWay--;
    if (this.underWay === 0) this.finish();
  }
}
