/** PyTorch eager in a process of its own (pytorch.py), which takes one request a line, so that it can alternate with the others. */
import { models, vocabulary } from '../models.ts';
import type { Workload } from '../workload.ts';
import { type Engine, type EngineName, optimizerSettings, type Session } from './engine.ts';

/** Sends one request to pytorch.py and gives its answer. @throws Error with Python's words where it failed */
export type AskPyTorch = (request: object) => Promise<Record<string, unknown>>;

const names = { fp32: 'pytorch', tf32: 'pytorch-tf32', bf16: 'pytorch-bf16' } as const satisfies Record<
  string,
  EngineName
>;
type Variant = keyof typeof names;

let sessions = 0;

async function prepare(ask: AskPyTorch, variant: Variant, { model, batches, dropout }: Workload): Promise<Session> {
  const session = ++sessions;
  await ask({
    do: 'prepare',
    session,
    variant,
    shape: models[model],
    batches: batches.map((rows) => rows.map((row) => Array.from(row))),
    dropout,
    vocabulary,
    settings: optimizerSettings,
  });
  return {
    run: async (steps, first) => {
      const { milliseconds, loss } = await ask({ do: 'run', session, steps, first });
      return { milliseconds: Number(milliseconds), jsMilliseconds: [], loss: Number(loss) };
    },
    peakBytes: async () => {
      const { bytes } = await ask({ do: 'peak_bytes', session });
      return typeof bytes === 'number' ? bytes : null;
    },
    kernelTimes: null,
    dispose: async () => {
      await ask({ do: 'dispose', session });
    },
  };
}

/**
 * One engine for each precision that the device has: fp32, and on CUDA TF32 and bf16 autocast.
 * @param threads on the CPU, where PyTorch's own choice is one for two logical cores
 */
export async function createPyTorch(ask: AskPyTorch, threads: number): Promise<Engine[]> {
  const { device, adapter, version, variants } = await ask({ do: 'describe', threads });
  return (variants as Variant[]).map((variant) => ({
    name: names[variant],
    backend: device === 'cuda' ? 'cuda' : 'cpu',
    adapter: `${adapter}, PyTorch ${version}`,
    software: device !== 'cuda',
    prepare: (workload) => prepare(ask, variant, workload),
    matmulPeak: variant === 'fp32' ? async () => Number((await ask({ do: 'matmul_peak' })).tflops) : null,
  }));
}
