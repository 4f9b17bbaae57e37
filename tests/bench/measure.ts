/** Times the engines on one workload, taking turns, so that whatever slows the machine slows them all. */
import type { BackendName, Engine, EngineName, KernelTime, Session, Timing } from './engines/engine.ts';
import { stepFlops } from './flops.ts';
import { dispatches, takeGpuFault } from './gpu-meter.ts';
import type { LengthsName } from './lengths.ts';
import type { ModelName } from './models.ts';
import { lengthsOfSteps, type Workload } from './workload.ts';

/** One engine's figures on one workload: medians over the rounds, of one step. */
export type Row = {
  engine: EngineName;
  backend: BackendName;
  adapter: string;
  model: ModelName;
  pairs: number;
  /** Tokens of the longest sentence allowed. */
  tokens: number;
  lengths: LengthsName;
  milliseconds: number;
  /** Real tokens, padding not counted. */
  tokensPerSecond: number;
  tflops: number;
  /** Of the device's measured fp32 matrix product, 0 … 1; null where none was measured. */
  shareOfPeak: number | null;
  /** Compute dispatches; null outside WebGPU. */
  dispatches: number | null;
  /** Most bytes held on the device at once; null where that cannot be known. */
  bytes: number | null;
  jsMilliseconds: number | null;
  /** The first step, with all that it compiles. */
  firstStepMilliseconds: number;
  kernels: KernelTime[] | null;
};

/** What went wrong with one engine on one workload. */
export type Failure = { engine: EngineName; backend: BackendName; workload: Workload; reason: string };

export type Rounds = { rounds: number; roundMilliseconds: number; kernels: boolean };

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

/** Runs steps and fails on what devices only whisper: errors that nobody caught, losses that are no numbers. */
async function run(session: Session, steps: number, first: number): Promise<Timing> {
  const timing = await session.run(steps, first);
  const fault = takeGpuFault();
  if (fault) throw new Error(`The device reported an error: ${fault}`);
  if (!Number.isFinite(timing.loss)) throw new Error(`The loss became ${timing.loss}.`);
  return timing;
}

type Contender = {
  engine: Engine;
  session: Session;
  first: number;
  /** In a round: one, or all batches in turn so many times. */
  steps: number;
  timings: { milliseconds: number; jsMilliseconds: number[]; dispatches: number; lengths: number[] }[];
};

/** Where the second step takes as long as this (ms), it is warm-up enough; else every batch is seen before any is timed. */
const slow = 5000;

const mostSteps = 48;

async function warmUp(engine: Engine, workload: Workload, roundMilliseconds: number): Promise<Contender> {
  const session = await engine.prepare(workload);
  const first = (await run(session, 1, 0)).milliseconds;
  let { milliseconds } = await run(session, 1, 1);
  if (milliseconds < slow) {
    const all = workload.batches.length;
    await run(session, all - 2, 2);
    milliseconds = (await run(session, all, all)).milliseconds / all;
  }
  const fit = Math.min(mostSteps, Math.round(roundMilliseconds / milliseconds));
  const steps = fit > 1 ? Math.ceil(fit / workload.batches.length) * workload.batches.length : 1;
  return { engine, session, first, steps, timings: [] };
}

/** In the same round every engine begins with the same batch. */
async function timeRound({ session, steps, timings }: Contender, workload: Workload, round: number): Promise<void> {
  const before = dispatches();
  const { milliseconds, jsMilliseconds } = await run(session, steps, round);
  timings.push({
    milliseconds,
    jsMilliseconds,
    dispatches: (dispatches() - before) / steps,
    lengths: lengthsOfSteps(workload, steps, round),
  });
}

async function report(contender: Contender, workload: Workload, peak: number | null, kernels: boolean): Promise<Row> {
  const { engine, session, timings, steps } = contender;
  const { model, pairs, tokens, lengths } = workload;
  const js = timings.flatMap(({ jsMilliseconds }) => jsMilliseconds);
  const perMillisecond = (amount: (lengths: number[]) => number) =>
    median(timings.map((timing) => amount(timing.lengths) / timing.milliseconds));
  const tflops = perMillisecond((all) => stepFlops(model, all, pairs)) / 1e9;
  return {
    engine: engine.name,
    backend: engine.backend,
    adapter: engine.adapter,
    model,
    pairs,
    tokens,
    lengths,
    milliseconds: median(timings.map(({ milliseconds }) => milliseconds / steps)),
    tokensPerSecond: 1000 * perMillisecond((all) => all.reduce((sum, length) => sum + length, 0)),
    tflops,
    shareOfPeak: peak === null ? null : tflops / peak,
    dispatches: engine.backend === 'webgpu' ? median(timings.map((timing) => timing.dispatches)) : null,
    bytes: await session.peakBytes(),
    jsMilliseconds: js.length > 0 ? median(js) : null,
    firstStepMilliseconds: contender.first,
    kernels: kernels ? ((await session.kernelTimes?.()) ?? null) : null,
  };
}

/**
 * Times every engine on `workload`: A B C, A B C, …, then as many rounds C B A. One that fails is left out and told of.
 * @param peakOf TFLOP/s that an engine's device was measured at, or null
 * @param say told of each engine's first step, which can take a minute
 */
export async function measure(
  engines: readonly Engine[],
  workload: Workload,
  { rounds, roundMilliseconds, kernels }: Rounds,
  peakOf: (engine: Engine) => number | null,
  say: (line: string) => void,
): Promise<{ rows: Row[]; failures: Failure[] }> {
  const failures: Failure[] = [];
  const attempt = async <T>({ name, backend }: Engine, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      takeGpuFault();
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ engine: name, backend, workload, reason });
      return null;
    }
  };

  const contenders: Contender[] = [];
  for (const engine of engines) {
    const contender = await attempt(engine, () => warmUp(engine, workload, roundMilliseconds));
    if (!contender) continue;
    contenders.push(contender);
    say(`  ${engine.name} on ${engine.backend}: first step ${Math.round(contender.first)} ms`);
  }
  const failed = new Set<Contender>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of round < rounds / 2 ? contenders : contenders.toReversed()) {
      if (failed.has(contender)) continue;
      const done = await attempt(contender.engine, async () => {
        await timeRound(contender, workload, round);
        return true;
      });
      if (!done) failed.add(contender);
    }
  }
  const rows: Row[] = [];
  for (const contender of contenders) {
    if (!failed.has(contender)) {
      const { engine } = contender;
      const row = await attempt(engine, () => report(contender, workload, peakOf(engine), kernels));
      if (row) rows.push(row);
    }
    await attempt(contender.engine, () => contender.session.dispose());
  }
  return { rows, failures };
}
