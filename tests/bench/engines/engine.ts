/** What the benchmark asks of anything that can train: prepare a workload, run steps of it, say what they took. */
import type { Workload } from '../workload.ts';

export const engineNames = ['embedsmith', 'stock', 'jax', 'pytorch', 'pytorch-tf32', 'pytorch-bf16'] as const;
export type EngineName = (typeof engineNames)[number];

export const backendNames = ['webgpu', 'wasm', 'cuda', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** Time of one kind of kernel in one step. */
export type KernelTime = { kernel: string; calls: number; milliseconds: number };

/** Time of several steps together. */
export type Timing = {
  milliseconds: number;
  /** How long each step's call kept the JavaScript thread; none where there is no such thread. */
  jsMilliseconds: number[];
  /** The last step's loss, which must be finite. */
  loss: number;
};

/** A model on its device with optimiser and batch, ready to step. */
export type Session = {
  /**
   * Runs `steps` training steps and waits until the device has done them.
   * @param first number of the first of them, which chooses the batches; the very first run is of step 0 alone
   */
  run: (steps: number, first: number) => Promise<Timing>;
  /** Most bytes of the device held at once since the session began; null where that cannot be known. */
  peakBytes: () => Promise<number | null>;
  /** The kernels of one step, where the engine can tell. */
  kernelTimes: (() => Promise<KernelTime[]>) | null;
  dispose: () => Promise<void>;
};

export type Engine = {
  name: EngineName;
  backend: BackendName;
  /** The device in words. */
  adapter: string;
  /** Whether it computes on the CPU; its peak is then the CPU's. */
  software: boolean;
  prepare: (workload: Workload) => Promise<Session>;
  /** TFLOP/s of a large fp32 matrix product of its own. */
  matmulPeak: (() => Promise<number>) | null;
};

export const optimizerSettings = { learningRate: 2e-5, weightDecay: 0.01, maxGradNorm: 1, scale: 20 } as const;
